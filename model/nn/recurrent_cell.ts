/** Cells of recurrent networks, and the directions in which they read. */
import type { Tensors } from "../engine/tf.ts";

/** One step of a recurrent network. Rows are sequences; no row may influence another. */
export interface Cell {
  /** Names of its parameters. */
  parameters: readonly string[];
  /** Width of its inputs at a step, by name; they do not depend on the state, such as W_ih x + b. */
  inputs: Readonly<Record<string, number>>;
  /** Width of its states, by name. */
  states: Readonly<Record<string, number>>;
  /** Width of its further outputs besides the states, by name. */
  outputs?: Readonly<Record<string, number>>;
  /**
   * Computes the states after a step, and the outputs.
   *
   * @param x Parameters, inputs float32 [n, width] and the states before float32 [n, width], by name.
   */
  step(x: Tensors): Tensors;
}

/** A direction of reading; its suffix follows the names of parameters, inputs, states and outputs. */
export interface Reading {
  suffix: string;
  reversed: boolean;
}
/** Reading from left to right. */
export const FORWARD: Reading = { suffix: "", reversed: false };
/** Reading from right to left; the suffix is PyTorch's. */
export const BACKWARD: Reading = { suffix: "_reverse", reversed: true };
