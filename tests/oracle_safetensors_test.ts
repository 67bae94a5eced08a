import { assert, assertEquals, assertThrows } from "@std/assert";
import { readSafetensors, type SafeTensor, toFloat32 } from "../model/weights/safetensors.ts";
import { oraclePath } from "./oracle_dir.ts";

interface Expected {
  status: "valid" | "refused" | "lenient";
  metadata?: Record<string, string> | null;
  tensors?: Record<string, { dtype: string; shape: (number | string)[]; values: unknown[] }>;
}

const expectedJson = JSON.parse(Deno.readTextFileSync(oraclePath("safetensors/expected.json")));
const files: [string, Expected][] = Object.entries(expectedJson.files);

/** Values as the expected file writes them: as text where JSON has no number for them or would round it. */
function written(tensor: SafeTensor): unknown[] {
  const halves = tensor.dtype === "F16" || tensor.dtype === "BF16";
  const values: Iterable<number | bigint> = halves ? toFloat32(tensor) : tensor.data;
  return Array.from(values, (value) => {
    if (tensor.dtype === "BOOL") return value !== 0;
    if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    if (Object.is(value, -0)) return "-0";
    return Number.isFinite(value) ? value : String(value);
  });
}

function assertReads(name: string, expected: Expected): void {
  const { metadata, tensors } = readSafetensors(Deno.readFileSync(oraclePath(`safetensors/${name}`)), name);
  assertEquals(
    metadata,
    expected.metadata === null ? null : new Map(Object.entries(expected.metadata!)),
    name,
  );
  assertEquals(new Set(tensors.keys()), new Set(Object.keys(expected.tensors!)), name);
  for (const [key, tensor] of tensors) {
    const { dtype, shape, values } = expected.tensors![key]!;
    assertEquals(tensor.dtype, dtype, `${name}: ${key}`);
    assertEquals(tensor.shape.map(String), shape.map(String), `${name}: ${key}`);
    assertEquals(written(tensor), values, `${name}: ${key}`);
  }
}

Deno.test("readSafetensors() reads every valid file exactly", () => {
  const valid = files.filter(([, { status }]) => status === "valid");
  assert(valid.length > 0);
  for (const [name, expected] of valid) assertReads(name, expected);
});

Deno.test("readSafetensors() refuses every broken file by a rule of its own", () => {
  const refused = files.filter(([, { status }]) => status === "refused");
  assert(refused.length > 0);
  for (const [name] of refused) {
    const bytes = Deno.readFileSync(oraclePath(`safetensors/${name}`));
    const error = assertThrows(
      () => readSafetensors(bytes, name),
      Error,
      `Cannot read safetensors "${name}": `,
      name,
    );
    // Anything else would be an accident on the way, not a check.
    assert(
      error.cause instanceof RangeError || error.cause instanceof SyntaxError,
      `${name}: ${error.message}`,
    );
  }
});

Deno.test("readSafetensors() reads files that only the library takes as the library does, or refuses them", () => {
  for (const [name, expected] of files.filter(([, { status }]) => status === "lenient")) {
    const bytes = Deno.readFileSync(oraclePath(`safetensors/${name}`));
    try {
      readSafetensors(bytes, name);
    } catch (error) {
      assert((error as Error).message.startsWith(`Cannot read safetensors "${name}": `), `${name}: ${error}`);
      continue;
    }
    assertReads(name, expected);
  }
});
