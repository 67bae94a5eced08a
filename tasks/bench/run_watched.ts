/** Programs whose memory is watched. */

/** What a program printed, and the most memory that it held; null where the system does not tell. */
export interface WatchedRun {
  text: string;
  peakMegabytes: number | null;
}

/**
 * Runs a program to its end and watches its peak memory, which Linux keeps in /proc; elsewhere it is not known.
 *
 * @param command The program.
 * @param args Its arguments.
 * @throws Error naming the program if it cannot be started, or fails, with what it printed to standard error.
 */
export async function runWatched(command: string, args: string[]): Promise<WatchedRun> {
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(command, { args, stdout: "piped", stderr: "piped" }).spawn();
  } catch (error) {
    throw new Error(`Cannot time "${command}": ${(error as Error).message}`, { cause: error });
  }
  let peakMegabytes: number | null = null;
  const timer = setInterval(async () => {
    peakMegabytes = await peakOf(child.pid) ?? peakMegabytes;
  }, 500);
  const { success, stdout, stderr } = await child.output().finally(() => clearInterval(timer));
  if (!success) {
    throw new Error(
      `Cannot time "${command} ${args[0]}": it failed with\n${new TextDecoder().decode(stderr).trim()}`,
    );
  }
  return { text: new TextDecoder().decode(stdout), peakMegabytes };
}

/** The most memory that a process has held so far, in MB. */
async function peakOf(pid: number): Promise<number | null> {
  try {
    // Not by Deno.readTextFile: /proc is open to programs with all permissions only.
    const { stdout } = await new Deno.Command("cat", { args: [`/proc/${pid}/status`], stderr: "null" })
      .output();
    const kilobytes = new TextDecoder().decode(stdout).match(/VmHWM:\s+(\d+)/)?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) / 1024;
  } catch {
    // There is no cat, as on Windows: a bench does not end for a figure that is not known.
    return null;
  }
}
