/** A folder for the length of a test. */

/** Runs `test` with an empty folder and removes it afterwards, however the test ends. */
export async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
