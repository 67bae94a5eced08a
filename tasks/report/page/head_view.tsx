/** The head of the page: the experiments, and how much of them is done. */
import type { ReportData } from "../report_data.ts";
import { distinct } from "../run_groups.ts";
import { experimentHeading } from "../sections/experiment_heading.ts";
import { countRuns, incompleteExperiments } from "../sections/run_counts.ts";

/** Renders the head of the page. */
export function HeadView({ data }: { data: ReportData }) {
  const { name, selection, createdAt, config, experiments } = data;
  const runs = experiments.flatMap(({ runs }) => runs);
  const facts = [
    ["Profile", name],
    ["Selection", selection ?? ""],
    ["Encoder", encoderText(config.encoder)],
    ["Source", config.data.source],
    ["Targets", distinct(runs.map(({ target }) => target)).join(", ")],
    ["Seeds", distinct(runs.map(({ seed }) => seed)).join(", ")],
    ["Made", createdAt.replace(/T(\d\d:\d\d).*Z$/, " $1 UTC")],
  ].filter(([, value]) => value !== "");
  return (
    <header>
      <h1>
        Cross-domain named entity recognition <span>{name}</span>
      </h1>
      <dl class="facts">
        {facts.map(([what, value]) => (
          <div>
            <dt>{what}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Progress data={data} />
    </header>
  );
}

function encoderText(encoder: ReportData["config"]["encoder"]): string {
  // A folder's name is enough.
  if (typeof encoder === "string") return encoder.replace(/\/+$/, "").split("/").slice(-2).join("/");
  return `made in the run: ${encoder.nLayers} layers of ${encoder.hiddenWidth}`;
}

/** Renders the number of finished runs, and the experiments that lack some. */
function Progress({ data }: { data: ReportData }) {
  const { nDone, nPlanned } = countRuns(data.experiments);
  if (nPlanned === 0) return null;
  const nExperiments = data.experiments.filter(({ runs }) => runs.length > 0).length;
  // A run that several experiments share counts in each.
  const ofExperiments = nExperiments > 1 ? `of ${nExperiments} experiments` : "of one experiment";
  const missing = incompleteExperiments(data);
  const counts = `${nDone} of ${nPlanned} planned runs ${ofExperiments} are done.`;
  if (missing.length === 0) return <p class="status">{counts}</p>;
  return (
    <div class="notice status">
      <p>
        <strong>{counts}</strong> <progress value={nDone} max={nPlanned} aria-label="runs that are done" />
        {" "}
        Missing:
      </p>
      <ul>
        {missing.map(({ experiment, nMissing, nPlanned }) => (
          <li>
            <a href={`#experiment-${experiment.name}`}>{experimentHeading(experiment)}</a>: {nMissing} of{" "}
            {nPlanned} runs
          </li>
        ))}
      </ul>
    </div>
  );
}
