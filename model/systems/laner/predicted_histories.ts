/** The label states of histories that are guessed, again and again, while tags are predicted. */
import {
  createTagStrings,
  type HistoryNodes,
  type TagHistories,
  tagHistories,
} from "../../../data/tags/tag_history.ts";
import type { NdArray } from "../../engine/nd_array.ts";
import type { Parameters } from "../../weights/parameters.ts";
import type { HeldLabelStates } from "./held_label_states.ts";
import type { HistoryStates } from "./history_states.ts";
import type { LabelStatesComputer } from "./label_states.ts";

/** Computes the states of guessed histories. */
export interface PredictedHistories {
  /** Begins a prediction, with the parameters of this moment. */
  begin(parameters: Parameters): Promise<void>;
  /** Begins a batch of sentences, before which states may be forgotten. */
  beginBatch(): Promise<void>;
  /**
   * Computes the states of the histories of sentences.
   *
   * @param guess Tag ids of each sentence.
   * @param from The first word of each whose history is wanted.
   */
  encode(guess: readonly ArrayLike<number>[], from: readonly number[]): Promise<TagHistories>;
  /** Lays out the states of some of these histories, until the next are. */
  lookUp(nodes: HistoryNodes): Promise<Record<keyof HistoryStates, NdArray>>;
}

/**
 * Computes states in plain arrays, where they are kept over all sentences: most strings come again.
 *
 * @param maxStrings The number of strings beyond which states are forgotten.
 */
export function keptHistories(
  labelStates: LabelStatesComputer,
  nTags: number,
  maxStrings: number,
): PredictedHistories {
  let strings = createTagStrings(nTags);
  let parameters: Parameters = {};

  async function forget(): Promise<void> {
    strings = createTagStrings(nTags);
    await labelStates.reset(parameters, false);
  }

  return {
    async begin(ofNow) {
      parameters = ofNow;
      await forget();
    },
    async beginBatch() {
      if (strings.backward.nNodes > maxStrings) await forget();
    },
    async encode(guess, from) {
      const histories = tagHistories(strings, guess, nTags, from);
      await labelStates.compute(strings, histories.levels);
      return histories;
    },
    lookUp: (nodes) => Promise.resolve(labelStates.lookUp(nodes)),
  };
}

/** Computes states on an engine that holds arrays, anew in each pass: there, that costs less than to read them back. */
export function heldHistories(labelStates: HeldLabelStates, nTags: number): PredictedHistories {
  let parameters: Parameters = {};
  return {
    async begin(ofNow) {
      parameters = ofNow;
      await labelStates.checkFinite(parameters);
    },
    beginBatch: () => Promise.resolve(),
    async encode(guess, from) {
      const strings = createTagStrings(nTags);
      const histories = tagHistories(strings, guess, nTags, from);
      await labelStates.encode(parameters, strings, histories);
      return histories;
    },
    lookUp: (nodes) => labelStates.lookUp(nodes),
  };
}
