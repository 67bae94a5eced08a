/** Folders in which native libraries lie. */
import { workingFolder } from "../../../data/working_folder.ts";

/** Returns the folders of a name in the site-packages of the virtual environment `.venv` in the working folder. */
export async function pypiFolders(name: string): Promise<string[]> {
  const { existsSync, readdirSync } = await import("node:fs");
  const { fileURLToPath } = await import("node:url");
  const lib = fileURLToPath(new URL(".venv/lib", workingFolder()));
  if (!existsSync(lib)) return [];
  const folders = readdirSync(lib).map((python) => `${lib}/${python}/site-packages/${name}`);
  return folders.filter((folder) => existsSync(folder));
}

/** Returns the path of a name relative to the folder that a file lies in. */
export function besideOf(file: string, name: string): string {
  const end = Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\"));
  return end < 0 ? name : `${file.slice(0, end)}/${name}`;
}
