/** Downloads the data sets of the paper. */
import { join } from "node:path";
import { PUBLISHED_ADDRESS, PUBLISHED_FILES, PUBLISHED_TERMS } from "./data_sets/published_data.ts";
import { errorMessage, ifMissing, nearestName, UsageError } from "./errors.ts";
import { download } from "./files/download.ts";
import { makeFolder } from "./files/durable_files.ts";
import { hashFile } from "./files/hash.ts";
import { createAsk } from "./files/http.ts";
import { runCommand } from "./terminal/command.ts";
import { type CommandMain, defineCommand } from "./terminal/command_spec.ts";
import { interruptSignal } from "./terminal/interrupt.ts";
import { createReporter } from "./terminal/progress.ts";

/** `deno task download`. */
export const DOWNLOAD = defineCommand({
  name: "download",
  summary:
    "Fetches the data sets of the paper from its public repository, each file checked by its SHA-256. What is " +
    "there already is kept; what was cut goes on.",
  flags: {
    data: { type: "text", valueName: "DIR", required: true, doc: "Folder that gets one folder a data set" },
    sets: { type: "text", valueName: "A,B", doc: "Only these data sets" },
    from: { type: "text", valueName: "URL", default: PUBLISHED_ADDRESS, doc: "A mirror of the same files" },
  },
  examples: ["deno task download --data ner_data", "deno task download --data ner_data --sets conll2003,ai"],
});

/** Downloads the missing files, and prints the terms of use. */
export const downloadData: CommandMain<typeof DOWNLOAD.flags> = async (
  { data, sets, from },
  _operands,
  { print },
) => {
  const all = Object.keys(PUBLISHED_FILES);
  const names = sets?.split(",").map((name) => name.trim()) ?? all;
  for (const name of names) {
    if (Object.hasOwn(PUBLISHED_FILES, name)) continue;
    const rule = `expected some of ${all.join(", ")}`;
    throw new UsageError(
      errorMessage({ act: "use", subject: "--sets", rule, value: name, suggestion: nearestName(name, all) }),
    );
  }
  const base = URL.parse(from.endsWith("/") ? from : `${from}/`);
  if (base === null) {
    const rule = "expected an address such as https://example.org/ner_data/";
    throw new UsageError(errorMessage({ act: "use", subject: "--from", rule, value: from }));
  }
  print(PUBLISHED_TERMS);
  const reporter = createReporter();
  const ask = createAsk();
  using interrupt = interruptSignal(reporter.say);
  let nFetched = 0;
  let nKept = 0;
  try {
    for (const name of names) {
      const folder = join(data, name);
      await makeFolder(folder);
      for (const [split, hash] of Object.entries(PUBLISHED_FILES[name]!)) {
        const path = join(folder, `${split}.txt`);
        const there = await ifMissing(hashFile(path), null);
        if (there !== null) {
          checkKept(path, there.sha256, hash);
          nKept++;
          continue;
        }
        const label = `${name}/${split}.txt`;
        const { report } = reporter;
        const { signal } = interrupt;
        await download(new URL(label, base), path, { ask, sha256: hash, label, report, signal });
        nFetched++;
      }
    }
  } finally {
    reporter.close();
  }
  print(`${data}: ${nFetched} files fetched, ${nKept} were there. Next: deno task prepare --data ${data}`);
};

function checkKept(path: string, found: string, hash: string): void {
  if (found === hash) return;
  const rule =
    `what is there must be the published file with SHA-256 ${hash}; remove it or choose another --data`;
  throw new Error(errorMessage({ act: "keep", subject: path, rule, value: found }));
}

if (import.meta.main) await runCommand(DOWNLOAD, downloadData);
