/** A cache of Deno's for the length of a test. */
import { join } from "node:path";
import { ROOT } from "./source_text.ts";

/**
 * Makes a folder a cache of its own, for DENO_DIR, which shares this machine's npm packages: nothing that a test imports
 * from its server stays behind.
 */
export async function shareNpmCache(folder: string): Promise<void> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"], cwd: ROOT })
    .output();
  const { denoDir } = JSON.parse(new TextDecoder().decode(stdout));
  await Deno.symlink(join(denoDir, "npm"), join(folder, "npm"), { type: "dir" });
}
