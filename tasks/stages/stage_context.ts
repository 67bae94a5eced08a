/** The surroundings that every stage of an experiment works in. */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import type { OpenFolderOptions } from "../../data/open_folder.ts";
import type { Engine } from "../../model/engine/engine.ts";
import type { Progress } from "../../model/training/progress.ts";
import { errorMessage } from "../errors.ts";
import { makeFolder, writeDurably } from "../files/durable_files.ts";
import { type Ask, createAsk } from "../files/http.ts";
import { fetchInsideFolder } from "../files/inside_folder.ts";
import type { StoredCheckpoint } from "./checkpoint.ts";

/** The surroundings of stages. */
export interface RunContext {
  /** Folder of the stage store. */
  store: string;
  engine: Engine;
  report: Progress;
  /** The signal of Ctrl-C and SIGTERM: a stopped stage is not stored, and rejects with the signal's reason. */
  signal: AbortSignal;
  /** True to continue from checkpoints of other versions of Deno or the engine, or of other machines. Default: false. */
  force?: boolean | undefined;
  /** The least seconds between two checkpoints of a training; see `openCheckpoint`. */
  checkpointSeconds?: number;
  /** Waits a number of seconds before files that could not be written are tried again. */
  pause?: (seconds: number, signal: AbortSignal) => Promise<void>;
}

/** The surroundings of one stage. */
export interface StageContext extends RunContext {
  /** The name of the stage in progress messages: "[3/12] ai: laner, seed 555". */
  label: string;
  /** A folder that the stage may make for its state if it is stopped; removed once the stage is stored. */
  keep: string;
  /** Opens the checkpoint in `keep`, from which a stopped training continues. */
  openCheckpoint(): Promise<StoredCheckpoint>;
}

/** The number of attempts to write the files of a stage before it fails. */
const TRIES = 11;

/** The seconds between two attempts: five minutes in all. */
const RETRY_AFTER = 30;

const pauseFor = (seconds: number, signal: AbortSignal): Promise<void> =>
  delay(1000 * seconds, undefined, { signal }).catch(() => signal.throwIfAborted());

/**
 * Writes a stage's files by name into a folder, which is made if it is missing.
 *
 * Failed writes are tried again, so that hours of computing are not lost to a disk that is full for a moment.
 *
 * @throws As the last attempt does; the signal's reason when it stops the stage.
 */
export async function writeFiles(
  { label, report, signal, pause = pauseFor }: Pick<StageContext, "label" | "report" | "signal" | "pause">,
  dir: string,
  files: Record<string, string | Uint8Array>,
): Promise<void> {
  for (let tries = 1;; tries++) {
    try {
      await makeFolder(dir);
      for (const [name, content] of Object.entries(files)) await writeDurably(join(dir, name), content);
      return;
    } catch (error) {
      if (tries === TRIES) throw error;
      const message = `${(error as Error).message}; tried again in ${RETRY_AFTER} s, ${
        TRIES - tries
      } times more`;
      report({ stage: label, done: 0, total: 1, message });
      await pause(RETRY_AFTER, signal);
    }
  }
}

/**
 * Returns the options for opening the locations that users give: relative to the working directory, with links only
 * within a folder, and hub names at HF_ENDPOINT, whose origin alone gets HF_TOKEN.
 *
 * @throws Error if HF_ENDPOINT is not the address of a server.
 */
export function locationOptions(): OpenFolderOptions & { endpoint: string; ask: Ask } {
  const endpoint = Deno.env.get("HF_ENDPOINT") || "https://huggingface.co";
  const value = Deno.env.get("HF_TOKEN");
  const hub = URL.parse(endpoint);
  if (hub === null || !/^https?:$/.test(hub.protocol)) {
    const rule = "expected the address of a hub such as https://huggingface.co";
    throw new Error(errorMessage({ act: "use", subject: "HF_ENDPOINT", rule, value: endpoint }));
  }
  const ask = createAsk(value ? { token: { origin: hub.origin, value } } : {});
  return {
    base: pathToFileURL(`${Deno.cwd()}/`),
    endpoint,
    ask,
    fetch: async (url) => url.protocol === "file:" ? await fetchInsideFolder(url) : (await ask(url)).response,
  };
}
