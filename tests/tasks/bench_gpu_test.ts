import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { BENCH_GPU, benchGpu } from "../../tasks/bench_gpu.ts";
import { withFolder } from "../temporary_folder.ts";
import { runForTest } from "./run_command.ts";

const SHORT = ["--size", "tiny", "--steps", "1", "--rounds", "1"];

Deno.test("benchGpu() times what there is, and says what is missing", () =>
  withFolder(async (folder) => {
    const out = join(folder, "gpu.json");
    // Its code on the processor stands for cuda; the row cannot be trained, as there is no data.
    const flags = [
      "--engines",
      "onnx-ffi",
      "--python",
      join(folder, "no python"),
      "--data",
      folder,
      ...SHORT,
    ];
    const { code, printed, errors } = await runForTest(BENCH_GPU, benchGpu, [...flags, "--out", out]);
    assertEquals(code, 0, errors);
    assert(/^\| onnx-ffi +\| +[\d.,]+ ms \|/m.test(printed), printed);
    const { results } = JSON.parse(await Deno.readTextFile(out));
    const missing = results.missing.map(({ what }: { what: string }) => what);
    assertEquals(missing.filter((what: string) => what !== "GPU memory"), ["PyTorch", "Table 3"]);
    assert(printed.includes("- PyTorch: Cannot time") && printed.includes("- Table 3: "), printed);
    const measured = results.rows.map(({ engine, system }: Record<string, string>) => [engine, system]);
    assertEquals(measured, [["onnx-ffi", "bert-tagger"], ["onnx-ffi", "laner"]]);
  }));

Deno.test("benchGpu() fails where nothing can be measured", async () => {
  const flags = ["--engines", "tensorflow", "--only", "steps", ...SHORT];
  const { code, errors } = await runForTest(BENCH_GPU, benchGpu, flags);
  assertEquals(code, 1);
  assert(/Cannot measure anything:[^]*- tensorflow: Cannot[^]*- PyTorch: name a Python/.test(errors), errors);
});
