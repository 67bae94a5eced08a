/** The tables of a report, in the order of its experiments. */
import { nearestTagsTable } from "./nearest_tags_table.ts";
import { parametersTable, taggerParameters } from "./parameters_table.ts";
import { perTypeTable } from "./per_type_table.ts";
import type { ReportData, ReportExperiment } from "./report_data.ts";
import { experimentTable } from "./results_tables.ts";
import { targetsOf } from "./run_groups.ts";
import { dataTable, settingsTable } from "./setting_tables.ts";
import { sweepTable } from "./sweep_table.ts";
import type { Table } from "./table.ts";

/** Makes all tables that are not empty. */
export function reportTables(data: ReportData): Table[] {
  return data.experiments.flatMap((experiment) => tablesOf(experiment, data)).filter((table) =>
    table !== null
  );
}

/** Makes the tables of an experiment. */
export function tablesOf(experiment: ReportExperiment, data: ReportData): (Table | null)[] {
  const targets = targetsOf(experiment);
  switch (experiment.show) {
    case "data":
      return [dataTable(data)];
    case "settings":
      return [settingsTable(data)];
    case "types":
      return targets.map((target) => perTypeTable(experiment, target, data.sharedTypes[target] ?? []));
    case "lines": {
      const changesModel = experiment.vary?.key.startsWith("model.");
      return [
        sweepTable(experiment),
        ...(changesModel
          ? [parametersTable(experiment, taggerParameters(data.experiments, targets[0]!))]
          : []),
      ];
    }
    case "labels":
      return data.labelAnalyses.flatMap((analysis) => [
        nearestTagsTable(analysis, "before"),
        nearestTagsTable(analysis, "after"),
      ]);
    case "table":
      return [experimentTable(experiment, data.paper)];
  }
}
