/** Makes the parts of docs/ that stand between markers anew: `deno task docs`, run in the repository's folder. */
import { readDocuments } from "./documents.ts";
import { withGeneratedParts } from "./generated.ts";

for (const { path, text } of await readDocuments()) {
  if (path.startsWith("docs")) await Deno.writeTextFile(path, withGeneratedParts(text));
}
