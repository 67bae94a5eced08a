/** The memory of NVIDIA GPUs while something runs. */

/** Asks the driver again after so many milliseconds. */
const INTERVAL = 250;

/**
 * Does something and measures how much more memory of all NVIDIA GPUs was in use than before.
 *
 * @returns The most at any moment, in MB; null where there is no driver that tells.
 */
export async function withGpuMemory<T>(
  work: () => Promise<T>,
): Promise<{ result: T; gpuMegabytes: number | null }> {
  const before = await usedMegabytes();
  if (before === null) return { result: await work(), gpuMegabytes: null };
  let most = before;
  const timer = setInterval(async () => {
    most = Math.max(most, await usedMegabytes() ?? 0);
  }, INTERVAL);
  try {
    const result = await work();
    return { result, gpuMegabytes: most - before };
  } finally {
    clearInterval(timer);
  }
}

async function usedMegabytes(): Promise<number | null> {
  try {
    const { success, stdout } = await new Deno.Command("nvidia-smi", {
      args: ["--query-gpu=memory.used", "--format=csv,noheader,nounits"],
      stderr: "null",
    }).output();
    if (!success) return null;
    return new TextDecoder().decode(stdout).trim().split("\n").reduce((sum, line) => sum + Number(line), 0);
  } catch {
    // There is no driver.
    return null;
  }
}
