/** Programs whose peak memory is measured. */

/** The output of a program, and the most memory that it held; null where the system does not tell. */
export interface WatchedRun {
  text: string;
  peakMegabytes: number | null;
}

/**
 * Runs a program to its end and measures its peak memory, which Linux shows in /proc; elsewhere it is unknown.
 *
 * @param command The program.
 * @param args Its arguments.
 * @throws Error naming the program if it cannot be started or fails, with its standard error.
 */
export async function runWatched(command: string, args: string[]): Promise<WatchedRun> {
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(command, { args, stdout: "piped", stderr: "piped", env: { NO_COLOR: "1" } })
      .spawn();
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

/** Returns the most memory that a process has held so far, in MB. */
async function peakOf(pid: number): Promise<number | null> {
  try {
    // Not by Deno.readTextFile: /proc is open only to programs with all permissions.
    const { stdout } = await new Deno.Command("cat", { args: [`/proc/${pid}/status`], stderr: "null" })
      .output();
    const kilobytes = new TextDecoder().decode(stdout).match(/VmHWM:\s+(\d+)/)?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) / 1024;
  } catch {
    // There is no cat, as on Windows: a benchmark does not fail because one number is unknown.
    return null;
  }
}
