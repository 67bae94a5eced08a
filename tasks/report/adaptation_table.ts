/** The effect of masked language modelling on a target's text on the encoder. */
import type { AdaptationResult } from "../stages/mlm_course.ts";
import { count, decimal, EMPTY, textCell } from "./cells.ts";
import type { Table } from "./table.ts";

/**
 * Makes the table of perplexity on held-out text before and after adaptation (DAPT), by target; null if no encoder was
 * adapted.
 */
export function adaptationTable(adaptations: readonly AdaptationResult[]): Table | null {
  if (adaptations.length === 0) return null;
  const number = (value: number, digits: number) => ({ text: decimal(value, digits), value });
  return {
    name: "dapt",
    caption: "Adaptation of the encoder to text of the target (DAPT): perplexity on held-out blocks",
    header: ["target", "before", "after", "loss of last epoch", "epochs", "blocks", "held out", "minutes"],
    nRowHeaders: 1,
    rows: adaptations.map(({ target, perplexity, losses, blocks, heldOut, seconds }) => [
      textCell(target),
      perplexity.before === null ? EMPTY : number(perplexity.before, 2),
      perplexity.after === null ? EMPTY : number(perplexity.after, 2),
      losses.length === 0 ? EMPTY : number(losses.at(-1)!, 3),
      { text: String(losses.length), value: losses.length },
      { text: count(blocks), value: blocks },
      { text: count(heldOut), value: heldOut },
      number(seconds / 60, 1),
    ]),
    notes: adaptations.some(({ perplexity }) => perplexity.before === null)
      ? ["There is none before for an encoder that was made from nothing."]
      : [],
  };
}
