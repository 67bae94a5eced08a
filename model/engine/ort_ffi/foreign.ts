/**
 * Memory and functions of native libraries by Deno's FFI, which wants `--allow-ffi`. This is the one file of the
 * library that uses `Deno`, and it is imported only when an engine that needs it is chosen.
 */

/** A place in memory; 0n is none. */
export type Address = bigint;

/** A parameter of a native function: a text or list that it reads or writes, an address or size, a small number. */
export type Parameter = "buffer" | "usize" | "i32";
/** A typed array that a native function reads or writes. */
export type Memory = Uint8Array<ArrayBuffer> | BigInt64Array<ArrayBuffer> | BigUint64Array<ArrayBuffer>;
/** The arguments for parameters. */
export type Arguments<P extends readonly Parameter[]> = {
  -readonly [I in keyof P]: P[I] extends "buffer" ? Memory : P[I] extends "i32" ? number : bigint;
};

/** The result of a native function. */
type Result = "usize" | "void";

/**
 * Opens a native library, which stays open until the program ends.
 *
 * @param path Its file, or a name that the system's loader finds.
 * @param symbol A function of it, without parameters, to be looked up; none if there is nothing to call.
 * @returns What the function gives back, an address.
 * @throws If it cannot be opened, or lacks the symbol.
 */
export function openLibrary(path: string, symbol?: string): Address {
  if (symbol === undefined) {
    Deno.dlopen(path, {});
    return 0n;
  }
  const { symbols } = Deno.dlopen(path, { [symbol]: { parameters: [], result: "usize" } });
  return addressIn(symbols[symbol]!());
}

/** Makes the native function at an address callable; the program waits while it works. */
export function functionAt(
  address: Address,
  parameters: readonly Parameter[],
  result: Result,
): (...values: (Memory | bigint | number)[]) => Address {
  const definition: Deno.ForeignFunction = { parameters, result };
  const native = new Deno.UnsafeFnPointer(pointerTo(address), definition);
  return (...values) => addressIn(native.call(...values));
}

/** Memory that native functions on other threads use; nothing else may keep it alive. */
const passed = new Set<(Memory | bigint | number)[]>();

/**
 * Makes the native function at an address callable on a thread of its own. Arrays that it is passed live until it has
 * done; what it finds by addresses in them is kept alive by the caller.
 */
export function laterFunctionAt(
  address: Address,
  parameters: readonly Parameter[],
  result: Result,
): (...values: (Memory | bigint | number)[]) => Promise<Address> {
  const definition: Deno.ForeignFunction = { parameters, result, nonblocking: true };
  const native = new Deno.UnsafeFnPointer(pointerTo(address), definition);
  return async (...values) => {
    passed.add(values);
    try {
      return addressIn(await native.call(...values));
    } finally {
      passed.delete(values);
    }
  };
}

/** Returns where an array's values lie. They stay there, but only as long as the array is in use. */
export function addressOf(array: ArrayBufferView): Address {
  return Deno.UnsafePointer.value(Deno.UnsafePointer.of(array as ArrayBufferView<ArrayBuffer>));
}

/** Reads the address that is stored at a place. */
export function addressAt(place: Address): Address {
  return new Deno.UnsafePointerView(pointerTo(place)).getBigUint64();
}

/** Reads the text that begins at a place and ends with a zero byte. */
export function textAt(place: Address): string {
  return new Deno.UnsafePointerView(pointerTo(place)).getCString();
}

/** Encodes a text as native functions read it, with a zero byte at its end. */
export function nativeText(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${text}\0`);
}

/** Tells whether the program runs in Deno and may open any native library; asks nobody for permission. */
export function mayCallNativeLibraries(): boolean {
  return globalThis.Deno?.permissions.querySync({ name: "ffi" }).state === "granted";
}

/**
 * Returns a variable of the environment, if the program may read it and it is set; asks nobody for permission.
 *
 * @throws If the program does not run in Deno, which alone calls native libraries.
 */
export function environmentVariable(name: string): string | undefined {
  if (globalThis.Deno === undefined) throw new Error("it runs in Deno only");
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) || undefined : undefined;
}

/** Returns the address that a function gave back; one without a result gave back none. */
function addressIn(result: unknown): Address {
  return typeof result === "bigint" ? result : 0n;
}

function pointerTo<T>(address: Address): Deno.PointerObject<T> {
  const pointer = Deno.UnsafePointer.create<T>(address);
  if (pointer === null) throw new Error("a native library handed out no address where one has to be");
  return pointer;
}
