import { assertEquals } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import { findGpu } from "../../../model/engine/gpu.ts";
import { releaseHeld } from "../../../model/engine/held_array.ts";
import { createRowSums } from "../../../model/nn/row_sums.ts";
import { assertClose } from "../../close.ts";

for (const name of ["cpu", "onnx", "onnx-ffi", "webgpu"] as const) {
  Deno.test({
    name: `${name}: createRowSums() adds up the rows of each group, and gives 0 for a group without rows`,
    ignore: name === "webgpu" && await findGpu() === null,
    async fn() {
      const engine = await createEngine(name, { nThreads: 1 });
      const sums = createRowSums(engine, 3);
      const random = createRandom(1);
      // Groups of no row, of one, of some, and of more than a run adds up.
      for (const [T, nGroups] of [[1, 1], [7, 3], [40, 5], [200, 2], [6, 9]] as const) {
        const groupOf = Int32Array.from({ length: T }, () => Math.floor(random.uniform() ** 2 * nGroups));
        const data = Float32Array.from({ length: 3 * T }, () => random.normal());
        const expected = new Float32Array(3 * nGroups);
        data.forEach((value, i) => expected[3 * groupOf[Math.floor(i / 3)]! + i % 3]! += value);
        const held = await sums.run({ shape: [T, 3], data }, groupOf, nGroups);
        const found = engine.memory ? await engine.memory.read(held) : held;
        assertEquals(found.shape, [nGroups, 3]);
        assertClose(found.data, expected, 1e-5, `${T} rows`);
        releaseHeld({ held });
      }
      sums.dispose();
    },
  });
}
