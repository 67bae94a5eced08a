/**
 * Writes files into a local folder, which is made if it is missing. Each file replaces one of its name when it is whole.
 *
 * @param folder Path or `file:` address.
 * @param files Contents by name.
 * @throws If the folder or a file cannot be written; in a browser, which has no local files.
 */
export async function writeFolder(
  folder: string | URL,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  if (!("process" in globalThis)) {
    throw new Error(`Cannot write "${folder}": there are no local files here, as in a browser`);
  }
  const { mkdir, rename, writeFile } = await import("node:fs/promises");
  const { fileURLToPath } = await import("node:url");
  const { join } = await import("node:path");
  const path = typeof folder === "string" ? folder : fileURLToPath(folder);
  await mkdir(path, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const part = join(path, `${name}.part`);
    await writeFile(part, content);
    await rename(part, join(path, name));
  }
}
