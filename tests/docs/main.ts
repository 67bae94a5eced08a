/**
 * Makes what is made from the code anew: the parts of docs/ that stand between markers, and the types of settings.
 * `deno task docs`, run in the repository's folder.
 */
import { readDocuments } from "./documents.ts";
import { withGeneratedParts } from "./generated.ts";
import { settingsTypes } from "./settings_types.ts";

for (const { path, text } of await readDocuments()) {
  if (path.startsWith("docs")) await Deno.writeTextFile(path, withGeneratedParts(text));
}

await Deno.writeTextFile("model/settings/settings.ts", settingsTypes());
