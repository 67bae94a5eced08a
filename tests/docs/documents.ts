/** The pages that tell people how to use the toolkit. */
import { join } from "node:path";
import { ROOT } from "../source_text.ts";

/** A page: its path in the repository and its text. */
export interface Document {
  path: string;
  text: string;
}

/**
 * Reads README.md, the other Markdown files beside it and all pages of docs/; not CHANGELOG.md, which may name files
 * that are gone.
 */
export async function readDocuments(): Promise<Document[]> {
  const paths: string[] = [];
  for (const folder of [".", "docs"]) {
    for await (const { name, isFile } of Deno.readDir(join(ROOT, folder))) {
      if (isFile && name.endsWith(".md") && name !== "CHANGELOG.md") paths.push(join(folder, name));
    }
  }
  const read = async (path: string) => ({ path, text: await Deno.readTextFile(join(ROOT, path)) });
  return await Promise.all(paths.sort().map(read));
}
