/** Values that stay where the provider computes: outputs of one run are inputs of the next without a copy. */
import type { Address } from "./foreign.ts";
import type { ElementType } from "./values.ts";

/** An array in the device's memory: float32 or int32 [any shape]. */
export class Held {
  #address: Address;
  #free: (address: Address) => void;
  #nUses = 0;
  #isReleased = false;

  /**
   * Takes a value over.
   *
   * @param address The value of ONNX Runtime.
   * @param free Frees it.
   */
  constructor(
    readonly shape: readonly number[],
    readonly dtype: ElementType,
    address: Address,
    free: (address: Address) => void,
  ) {
    this.#address = address;
    this.#free = free;
  }

  /**
   * Begins a use of the value, which lives until the use ends.
   *
   * @throws If it has been released.
   */
  use(): Address {
    if (this.#isReleased) {
      throw new Error(`Cannot use a held value of shape [${this.shape}]: it has been released`);
    }
    this.#nUses++;
    return this.#address;
  }

  /** Ends a use. */
  endUse(): void {
    this.#nUses--;
    this.#freeIfUnused();
  }

  /** Frees the value after the runs that have been started with it; it can be released twice. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#freeIfUnused();
  }

  #freeIfUnused(): void {
    if (this.#isReleased && this.#nUses === 0) this.#free(this.#address);
  }
}
