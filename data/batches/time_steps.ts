/** Sequences of different lengths, laid out by time: what a recurrent network reads at each step. No tensors. */

/**
 * The elements of all sequences in the order of the steps that read them, as PyTorch's PackedSequence has them: the
 * sequences are sorted by length, longest first, so that those that are still running at a step are the first ones,
 * and nothing is ever read beyond a sequence's end.
 */
export interface TimeSteps {
  nSequences: number;
  /** The number of elements of all sequences. */
  nElements: number;
  /** The sequences, longest first; those of equal length in their own order. */
  order: number[];
  /** Where each step's rows begin, and how many there are. */
  steps: readonly { start: number; size: number }[];
  /** int32 [nElements]: the element, by place in the sequences put together, that each row is. */
  elements: Int32Array;
}

/**
 * Lays sequences out by time.
 *
 * @param lengths Length of each sequence; any may be 0.
 * @param reversed Whether each sequence is read from its own end.
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
 * Where the states before a step begin, in an array whose first rows are the sequences' states at the start, longest
 * sequence first, with those after each element's step below.
 */
export function rowBefore({ nSequences, steps }: TimeSteps, step: number): number {
  return step === 0 ? 0 : nSequences + steps[step - 1]!.start;
}

/** The row of each sequence's last state in such an array, longest sequence first. */
export function lastRows({ nSequences, steps }: TimeSteps): number[] {
  const last = Array.from({ length: nSequences }, (_, rank) => rank);
  for (const { start, size } of steps) {
    for (let rank = 0; rank < size; rank++) last[rank] = nSequences + start + rank;
  }
  return last;
}
