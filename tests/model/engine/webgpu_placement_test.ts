import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { findGpu } from "../../../model/engine/gpu.ts";

/** The kernels that a log says are left to the processor, and how many are on the GPU. */
function placementIn(log: string): { onProcessor: string[]; nOnGpu: number } {
  const onProcessor = new Set<string>();
  let nOnGpu = 0;
  let isProcessor = false;
  for (const line of log.split("\n")) {
    const [, provider, count] = /placed on \[(\w+)\]\. Number of nodes: (\d+)/.exec(line) ?? [];
    if (provider) isProcessor = provider === "CPUExecutionProvider";
    if (provider === "WebGpuExecutionProvider") nOnGpu += Number(count);
    const [, kernel] = /VerifyEachNodeIsAssignedToAnEp\] +(\w+) \(/.exec(line) ?? [];
    if (isProcessor && kernel) onProcessor.add(kernel);
  }
  return { onProcessor: [...onProcessor], nOnGpu };
}

const gpu = await findGpu();

for (const precision of ["float32", "float16"]) {
  Deno.test({
    name:
      `webgpu leaves nothing of a LANER step in ${precision} to the processor but the putting together of shapes`,
    ignore: gpu === null || (precision === "float16" && !gpu.hasFloat16),
    async fn() {
      const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--quiet",
          "--no-check",
          "--allow-read",
          fileURLToPath(new URL("webgpu_placement.ts", import.meta.url)),
          precision,
        ],
        env: { NO_COLOR: "1" },
      }).output();
      const log = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
      assertEquals(code, 0, log.slice(-2000));
      const { onProcessor, nOnGpu } = placementIn(log);
      assert(nOnGpu > 400, `${nOnGpu} nodes on the GPU`);
      // Of whole numbers of 64 bits: the provider concatenates floats itself.
      assertEquals(onProcessor, ["Concat"]);
    },
  });
}
