/** Arrays whose values stay where an engine computes: outputs of one run are inputs of the next without a copy. */
import type { NdArray } from "./nd_array.ts";

/** A native value, and how many arrays hold it or runs use it. */
interface Box<Native> {
  native: Native;
  nUses: number;
  free: () => void;
}

/** Frees the values of shared arrays that nobody released. */
const forgotten = new FinalizationRegistry<() => void>((end) => end());

/**
 * An array in the memory of an engine's device: float32 [any shape]. It goes wherever a plain array goes, but its
 * values are had by `EngineMemory.read` alone.
 *
 * `Native` is the engine's own kind of value.
 */
export class HeldArray<Native = unknown> implements NdArray {
  readonly shape: number[];
  #box: Box<Native>;
  #isReleased = false;

  /**
   * Takes a value over.
   *
   * @param native The engine's value, which nobody else frees.
   * @param free Frees it.
   */
  constructor(shape: readonly number[], native: Native, free: (native: Native) => void) {
    this.shape = [...shape];
    this.#box = { native, nUses: 1, free: () => free(native) };
  }

  /** @throws Always, as the values are not here. */
  get data(): Float32Array {
    throw new Error(
      `Cannot read the values of an array of shape [${this.shape}]: the engine holds them; copy them with its memory.read()`,
    );
  }

  /** The engine's value, for runs that use the array. */
  get native(): Native {
    return this.#box.native;
  }

  /**
   * Begins a use of the value, which lives until the use ends.
   *
   * @returns Ends the use.
   * @throws If the array has been released.
   */
  use(): () => void {
    if (this.#isReleased) {
      throw new Error(`Cannot use a held array of shape [${this.shape}]: it has been released`);
    }
    const box = this.#box;
    box.nUses++;
    return () => endUse(box);
  }

  /** Returns another array of the same value, which outlives this one; it need not be released. */
  share(): HeldArray<Native> {
    const end = this.use();
    const shared = new HeldArray<Native>(this.shape, this.native, end);
    const box = shared.#box;
    forgotten.register(shared, () => endUse(box), shared);
    return shared;
  }

  /** Frees the value after the runs that have been started with it; it can be released twice. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    forgotten.unregister(this);
    endUse(this.#box);
  }
}

/** Returns the type of an array's values; held ones are float32. */
export function dtypeOf(array: NdArray | NdArray<Int32Array>): "float32" | "int32" {
  return !(array instanceof HeldArray) && array.data instanceof Int32Array ? "int32" : "float32";
}

function endUse<Native>(box: Box<Native>): void {
  box.nUses--;
  if (box.nUses === 0) box.free();
}

/** Arrays by name, of which some may be held. */
type SomeArrays = Record<string, NdArray | NdArray<Int32Array>>;

/** Begins a use of the held ones of some arrays, and returns what ends it. */
export function useHeld(arrays: SomeArrays): () => void {
  const ends = heldOf(arrays).map((array) => array.use());
  return () => ends.forEach((end) => end());
}

/** Releases the held ones of some arrays. */
export function releaseHeld(arrays: SomeArrays): void {
  for (const array of heldOf(arrays)) array.release();
}

function heldOf(arrays: SomeArrays): HeldArray[] {
  return Object.values(arrays).filter((array) => array instanceof HeldArray);
}
