/** Sections on the runs behind the tables: their course, entity types and errors. */
import type { ErrorClassOptions } from "../../../data/scores/error_classes.ts";
import { errorMessage } from "../../errors.ts";
import { learningCurves } from "../charts.ts";
import { rowName } from "../comparison.ts";
import { confusionTable } from "../confusion.ts";
import { errorDifferenceTable, errorTables } from "../error_tables.ts";
import { fileNamePart } from "../file_names.ts";
import { type Block, figureBlock, foldEach, type Section, tableBlock } from "../page/section.ts";
import { perTypeTable } from "../per_type_table.ts";
import type { ReportData } from "../report_data.ts";
import { doneRuns, groupRuns } from "../run_groups.ts";
import { doneSystems, pairedRunsOf } from "../system_runs.ts";
import { PAIRS } from "./claims.ts";
import { type DetailPart, detailParts } from "./detail_experiments.ts";

/** Builds the section of dev F1 and training loss by epoch, separately for adapted encoders and others. */
export async function curveSection({ experiments }: ReportData): Promise<Section> {
  const parts = [];
  for (const { experiment, target, title } of detailParts(experiments)) {
    const groups = groupRuns(experiment).filter((group) => group.target === target);
    const blocks: Block[] = [];
    for (const adapt of [false, true]) {
      const runs = groups.filter((group) => group.adapt === adapt).flatMap((group) =>
        doneRuns(group).map(({ result }) => ({
          name: rowName(experiment, group),
          training: result.scores.training,
        }))
      );
      if (runs.length === 0) continue;
      const svg = await learningCurves({
        title: `Training on ${target}${adapt ? ", encoder adapted by DAPT" : ""}`,
        runs,
      });
      blocks.push(...figureBlock(`${experiment.name}_curves_${target}${adapt ? "_DAPT" : ""}`, svg));
    }
    parts.push({ title, blocks: blocks.length > 1 ? [{ kind: "row", blocks } as const] : blocks });
  }
  return {
    id: "curves",
    title: "Learning curves",
    intro: "Training on the target; runs of one system look the same and differ in their seed.",
    blocks: foldEach(parts),
  };
}

/** Builds the section of test F1 by entity type and system. */
export function typeSection({ experiments, sharedTypes }: ReportData): Section {
  const parts = detailParts(experiments)
    // These experiments show the same table themselves.
    .filter(({ experiment }) => experiment.show !== "types")
    .map(({ experiment, target, title }) => ({
      title,
      blocks: tableBlock(perTypeTable(experiment, target, sharedTypes[target] ?? [])),
    }));
  return {
    id: "types",
    title: "Scores by entity type",
    intro: "Test F1 in percent, mean over seeds.",
    blocks: foldEach(parts),
  };
}

/** Builds the section of the types that each system takes for others. */
export function confusionSection({ experiments }: ReportData): Section {
  const parts = detailParts(experiments).map(({ experiment, target, title }) => ({
    title,
    blocks: doneSystems(experiment, target)
      .flatMap(({ name }): Block[] => {
        const blocks = tableBlock(confusionTable(experiment, target, name), true);
        return blocks.length > 0 ? [{ kind: "details", title: name, open: false, blocks }] : [];
      }),
  }));
  return {
    id: "confusion",
    title: "Confusion of entity types",
    intro: "Gold entities in rows, what was predicted for them in columns, summed over seeds. " +
      "A cell is the darker the more of its row it holds.",
    blocks: foldEach(parts),
  };
}

/**
 * Builds the section of errors by kind and class of entity, and of those that one system makes and another does not.
 */
export function errorSection(data: ReportData): Section {
  const parts = detailParts(data.experiments).map((part) => {
    const options = errorClassOptions(data, part.target);
    const tables = [
      ...errorTables(part.experiment, part.target, options),
      ...pairsOf(part).map((pair) => {
        const table = errorDifferenceTable(part.experiment, part.target, pair, options);
        return table && { ...table, name: `${table.name}_${fileNamePart(pair.join("_"))}` };
      }),
    ];
    return { title: part.title, blocks: tables.flatMap((table) => tableBlock(table)) };
  });
  return {
    id: "errors",
    title: "Errors",
    intro: "Every predicted entity is matched with the gold entity that it stands for.",
    blocks: foldEach(parts),
  };
}

/** Returns the forms and types that training showed for a target; without them every form would count as unseen. */
function errorClassOptions(
  { seenForms, sharedTypes }: Pick<ReportData, "seenForms" | "sharedTypes">,
  target: string,
): ErrorClassOptions {
  const forms = seenForms[target];
  const types = sharedTypes[target];
  if (!forms || !types) {
    const rule = `seenForms and sharedTypes must have the target, current value is ${
      Object.keys(forms ? sharedTypes : seenForms).join(", ") || "no target"
    }`;
    throw new Error(errorMessage({ act: "classify", subject: `errors on ${target}`, rule }));
  }
  return { seenForms: forms, sharedTypes: new Set(types) };
}

/** Lists the pairs of systems that the paper compares, if both were run with the same seeds. */
function pairsOf({ experiment, target }: DetailPart): [string, string][] {
  return PAIRS.map(({ system, baseline }): [string, string] => [system, baseline])
    .filter((names) => pairedRunsOf(experiment, target, names) !== null);
}
