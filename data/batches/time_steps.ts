/** Sequences of different lengths, laid out by the time steps of a recurrent network. No tensors. */

/**
 * The elements of all sequences in the order of the steps that read them, like PyTorch's PackedSequence. Sequences are
 * sorted by length, longest first, so that those still running at a step are the first ones, and no step reads beyond
 * the end of a sequence.
 */
export interface TimeSteps {
  nSequences: number;
  /** The number of elements of all sequences. */
  nElements: number;
  /** The sequences, longest first; those of equal length keep their order. */
  order: number[];
  /** The first row of each step, and its number of rows. */
  steps: readonly { start: number; size: number }[];
  /** int32 [nElements]: the element of each row, by its place in the concatenated sequences. */
  elements: Int32Array;
}

/**
 * Lays sequences out by time.
 *
 * @param lengths Length of each sequence; any may be 0.
 * @param reversed Whether each sequence is read from its end.
 *
 * @example
 * ```ts
 * import { timeSteps } from "@laner/laner";
 *
 * const { steps, elements } = timeSteps([1, 3], false); // elements 0 | 1 2 3
 * console.log(steps.map(({ size }) => size)); // [2, 1, 1]
 * console.log(elements); // Int32Array [1, 0, 2, 3]
 * ```
 */
export function timeSteps(lengths: readonly number[], reversed: boolean): TimeSteps {
  const order = lengths.map((_, i) => i).sort((a, b) => lengths[b]! - lengths[a]!);
  const firsts: number[] = [];
  let nElements = 0;
  for (const length of lengths) {
    firsts.push(nElements);
    nElements += length;
  }
  const elements = new Int32Array(nElements);
  const steps: { start: number; size: number }[] = [];
  let size = 0;
  let time = 0;
  for (let start = 0; start < nElements; start += size, time++) {
    size = 0;
    while (size < order.length && lengths[order[size]!]! > time) {
      const sequence = order[size]!;
      const place = reversed ? lengths[sequence]! - 1 - time : time;
      elements[start + size++] = firsts[sequence]! + place;
    }
    steps.push({ start, size });
  }
  return { nSequences: lengths.length, nElements, order, steps, elements };
}

/**
 * Returns the first row of the states before a step, in an array that holds the sequences' states at the start, longest
 * sequence first, and then the states after each element's step.
 */
export function rowBefore({ nSequences, steps }: TimeSteps, step: number): number {
  return step === 0 ? 0 : nSequences + steps[step - 1]!.start;
}

/** Returns the row of each sequence's last state in such an array, longest sequence first. */
export function lastRows({ nSequences, steps }: TimeSteps): number[] {
  const last = Array.from({ length: nSequences }, (_, rank) => rank);
  for (const { start, size } of steps) {
    for (let rank = 0; rank < size; rank++) last[rank] = nSequences + start + rank;
  }
  return last;
}
