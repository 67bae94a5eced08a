/**
 * Makes what is made from the code anew: the parts of docs/ that stand between markers, the types of
 * settings, and the JSON Schema of experiments.
 * `deno task docs`, run in the repository's folder.
 */
import { readDocuments } from "./documents.ts";
import { configJsonSchema } from "../../tasks/config/config.ts";
import { withGeneratedParts } from "./generated.ts";
import { settingsTypes } from "./settings_types.ts";

for (const { path, text } of await readDocuments()) {
  if (!path.startsWith("docs")) continue;
  // Never leaves a page half written, which another run beside this one would read.
  const draft = `${path}.${Deno.pid}.new`;
  await Deno.writeTextFile(draft, withGeneratedParts(text));
  await Deno.rename(draft, path);
}

await Deno.writeTextFile("model/settings/settings.ts", settingsTypes());
await Deno.writeTextFile("experiments/schema.json", JSON.stringify(configJsonSchema(), null, 2) + "\n");
