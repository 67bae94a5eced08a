/** Pretrained encoders: in a folder, or downloaded once by a stage. */
import { join } from "node:path";
import { openFolder } from "../../data/open_folder.ts";
import type { EngineName } from "../../model/engine/engine.ts";
import { errorMessage } from "../errors.ts";
import { download } from "../files/download.ts";
import { makeFolder } from "../files/durable_files.ts";
import { givenFolder, MODEL_FILES, MORE } from "../files/given_folder.ts";
import type { GivenFolder } from "../files/given_folder.ts";
import { PINNED_ENCODERS } from "../files/pinned_encoders.ts";
import { createStage, type Stage } from "./stage.ts";
import { codeOfStage } from "./stage_code.ts";
import { locationOptions, writeFiles } from "./stage_context.ts";

/**
 * Finds a pretrained encoder: a local folder as it is, or a stage that downloads it once.
 *
 * @param location Path, address or hub name; a hub name may end in `@REVISION`, a branch, tag or commit.
 */
export async function pretrainedEncoder(engine: EngineName, location: string): Promise<Stage | GivenFolder> {
  const { ask, ...options } = locationOptions();
  const atRevision = location.match(/^([\w.-]+\/[\w.-]+)@([\w.-]+)$/);
  // A folder may have such a name, too, and takes precedence over the hub.
  const isFolder = atRevision && await (await openFolder(`./${location}`, options)).has("config.json");
  const [, name, revision] = isFolder || !atRevision ? [null, location, undefined] : atRevision;
  const folder = await openFolder(name, { ...options, revision });
  if (folder.url("").protocol === "file:") return await givenFolder(folder);
  return await createStage({
    stage: "encoder",
    label: `download of ${location}`,
    needs: {},
    config: { location: folder.location },
    engine,
    code: codeOfStage(import.meta.url, { engine: false }),
    async work(dir, _folders, context) {
      const { report, signal, keep } = context;
      const pins = PINNED_ENCODERS[name] ?? {};
      const names = [...MODEL_FILES, ...(await folder.has(MORE) ? [MORE] : [])];
      const commits = new Set<string | null>();
      await makeFolder(keep);
      for (const file of names) {
        const label = `${context.label}: ${file}`;
        const sha256 = pins[file];
        const { commit } = await download(folder.url(file), join(keep, file), {
          ask,
          sha256,
          label,
          report,
          signal,
        });
        commits.add(commit);
      }
      if (commits.size > 1) {
        const rule = "all files must be of one commit, as they changed meanwhile; run it again";
        throw new Error(errorMessage({ act: "download", subject: location, rule, value: [...commits] }));
      }
      for (const file of names) await Deno.rename(join(keep, file), join(dir, file));
      const [commit] = commits;
      const record = { location: folder.location, commit };
      await writeFiles(context, dir, { "download.json": JSON.stringify(record, null, 2) + "\n" });
    },
  });
}
