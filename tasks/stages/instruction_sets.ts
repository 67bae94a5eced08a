/** The processor's instruction sets, on which the order of sums in libraries depends. */
import { cpus } from "node:os";

/** A feature by its bit in a register of 32. */
type Feature = readonly [name: string, word: number, bit: number];

/** Offset of usable features: words 0 to 3 of a leaf of glibc's `cpuid_feature` are EAX to EDX, 4 to 7 those in use. */
const USABLE = 4;
const EAX = USABLE;
const EBX = USABLE + 1;
const ECX = USABLE + 2;
const EDX = USABLE + 3;
/** Features by the place of the leaf in `sys/platform/x86.h`: leaf 1, leaf 7, and leaf 7 with ECX 1. */
const X86: Readonly<Record<number, readonly Feature[]>> = {
  0: [["sse4_1", ECX, 19], ["avx", ECX, 28], ["f16c", ECX, 29], ["fma", ECX, 12]],
  1: [
    ["avx2", EBX, 5],
    ["avx512f", EBX, 16],
    ["avx512dq", EBX, 17],
    ["avx512bw", EBX, 30],
    ["avx512vl", EBX, 31],
    ["avx512_vnni", ECX, 11],
    ["amx_bf16", EDX, 22],
    ["amx_tile", EDX, 24],
    ["amx_int8", EDX, 25],
  ],
  6: [["avx_vnni", EAX, 4], ["avx512_bf16", EAX, 5]],
};

/** Features by the number of the vector, AT_HWCAP or AT_HWCAP2, and the bit in it (`asm/hwcap.h`). */
const ARM: Readonly<Record<number, readonly Feature[]>> = {
  16: [["asimd", 0, 1], ["asimdhp", 0, 10], ["asimddp", 0, 20], ["sve", 0, 22]],
  26: [["sve2", 0, 1], ["i8mm", 0, 13], ["bf16", 0, 14]],
};

/**
 * Names the instruction sets by which ONNX Runtime chooses its kernels, such as "sse4_1 avx f16c fma avx2".
 *
 * They come from the C library of Linux on x86-64 and ARM; elsewhere, or without permission for `ffi`, they are
 * "unknown", with the name of the processor.
 */
export function instructionSets(): string {
  const found = canAskLibrary() ? Deno.build.arch === "x86_64" ? ofX86() : ofArm() : null;
  return found?.join(" ") ?? `unknown, of ${processorName()}`;
}

/** Tells whether the library may be opened; the permission is queried, as trying would prompt the user. */
function canAskLibrary(): boolean {
  return Deno.build.os === "linux" && Deno.permissions.querySync({ name: "ffi" }).state === "granted";
}

function processorName(): string {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "cpus" });
  return state === "granted" && cpus()[0]?.model || "an unknown processor";
}

function ofX86(): string[] | null {
  const library = open({ __x86_get_cpuid_feature_leaf: { parameters: ["u32"], result: "pointer" } });
  const found = library && Object.entries(X86).flatMap(([leaf, features]) => {
    const view = new Deno.UnsafePointerView(library.symbols.__x86_get_cpuid_feature_leaf(Number(leaf))!);
    return namesOf(features, (word) => view.getUint32(4 * word));
  });
  library?.close();
  return found;
}

function ofArm(): string[] | null {
  const library = open({ getauxval: { parameters: ["u64"], result: "u64" } });
  const found = library && Object.entries(ARM).flatMap(([vector, features]) => {
    const bits = Number(library.symbols.getauxval(BigInt(vector)) & 0xffffffffn);
    return namesOf(features, () => bits);
  });
  library?.close();
  return found;
}

/** Opens the C library; null unless it is glibc 2.33 or later, which has these functions. */
function open<const S extends Deno.ForeignLibraryInterface>(symbols: S): Deno.DynamicLibrary<S> | null {
  try {
    return Deno.dlopen("libc.so.6", symbols);
  } catch {
    return null;
  }
}

function namesOf(features: readonly Feature[], wordOf: (word: number) => number): string[] {
  return features.filter(([, word, bit]) => (wordOf(word) >>> bit) & 1).map(([name]) => name);
}
