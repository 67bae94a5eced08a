/** An experiment: its tables and figures, and which differences are more than chance. */
import type { VNode } from "npm:preact@10.28.2";
import { createRandom } from "../../../data/random.ts";
import { experimentFigure } from "../charts.ts";
import type { ReportData, ReportExperiment, Show } from "../report_data.ts";
import { tablesOf } from "../report_tables.ts";
import { distinct } from "../run_groups.ts";
import { significanceTable } from "../significance_table.ts";
import { Details, Figures, type Section, TableView } from "./elements.tsx";

const LEADS: Record<Show, string> = {
  table:
    "Test F1 in percent (entity-level, micro), mean ± sample standard deviation over seeds. Below each row of " +
    "ours the paper's, with ours minus it in brackets.",
  lines: "Test F1 in percent against one setting, with the deviation over seeds where there are several.",
  types: "Test F1 in percent by entity type; types that the source has, too, are marked as shared.",
  data: "Counted from the files.",
  settings: "Where ours differ from the paper's, they are bold.",
  labels: "",
};

/** The systems that all others are compared with. */
const BASES = ["laner", "laner + DAPT"];
/** Draws of the tests; the same in every report. */
const SEED = 2022;

/** The section of an experiment; null if it has nothing of its own to show. */
export async function experimentSection(
  data: ReportData,
  experiment: ReportExperiment,
): Promise<Section | null> {
  const { name, title, show, runs } = experiment;
  if (show === "labels") return null;
  const tables = tablesOf(experiment, data).filter((table) => table !== null);
  const targets = distinct(runs.filter(({ result }) => result !== null).map(({ target }) => target));
  const figures: string[] = [];
  for (const target of targets) {
    const figure = await experimentFigure(experiment, data.paper, { target, sharedTypes: data.sharedTypes });
    if (figure) figures.push(figure);
  }
  const remark = data.paper.remarks[name];
  const body: VNode = (
    <>
      <p class="lead">{LEADS[show]}{remark && ` ${remark}`}</p>
      {tables.map((table) => <TableView table={table} />)}
      {figures.length > 0 && <Figures svgs={figures} />}
      {show === "table" && targets.map((target) => {
        const random = createRandom(SEED).fork(`${name} ${target}`);
        const table = significanceTable(experiment, target, { random, against: BASES });
        return table && (
          <Details summary={`Is the difference more than chance? ${target}`}>
            <TableView table={table} />
          </Details>
        );
      })}
    </>
  );
  return { id: name, title: `${headingOf(name)}${title}`, body };
}

/** "Table 3: " for table_3, nothing for other names. */
function headingOf(name: string): string {
  const [, kind, number] = /^(table|figure)_(\d+)$/.exec(name) ?? [];
  return kind ? `${kind === "table" ? "Table" : "Figure"} ${number}: ` : "";
}
