/** Masked language modelling on unlabelled text of the targets. */
import type { AdaptationResult } from "../../stages/mlm_course.ts";
import { adaptationTable } from "../adaptation_table.ts";
import { decimal, EMPTY, textCell } from "../cells.ts";
import { foldEach, type Section, tableBlock } from "../page/section.ts";
import type { ReportData } from "../report_data.ts";
import type { Table } from "../table.ts";

/** Builds the section on adaptation (DAPT): perplexity of the encoders before and after, and the course of the loss. */
export function adaptationSection({ adaptations }: Pick<ReportData, "adaptations">): Section {
  return {
    id: "adaptation",
    title: "Adaptation of the encoder (DAPT)",
    intro: "Masked language modelling on unlabelled text of the target, before any training on labels.",
    blocks: [
      ...tableBlock(adaptationTable(adaptations)),
      ...foldEach([{ title: "Loss of every epoch", blocks: tableBlock(lossTable(adaptations)) }]),
    ],
  };
}

function lossTable(adaptations: readonly AdaptationResult[]): Table | null {
  const nEpochs = Math.max(0, ...adaptations.map(({ losses }) => losses.length));
  if (nEpochs === 0) return null;
  const epochs = Array.from({ length: nEpochs }, (_, i) => i);
  return {
    name: "dapt_losses",
    caption: "Mean loss of masked pieces by epoch",
    header: ["target", ...epochs.map((i) => `${i + 1}`)],
    nRowHeaders: 1,
    rows: adaptations.map(({ target, losses }) => [
      textCell(target),
      ...epochs.map((i) => i < losses.length ? { text: decimal(losses[i]!, 3), value: losses[i] } : EMPTY),
    ]),
    notes: [],
  };
}
