/** The contents of a report's page, section by section. */
import { createRandom } from "../../data/random.ts";
import type { Section } from "./page/section.ts";
import type { ReportData } from "./report_data.ts";
import { adaptationSection } from "./sections/adaptation_section.ts";
import { dataSection } from "./sections/data_section.ts";
import { confusionSection, curveSection, errorSection, typeSection } from "./sections/detail_sections.ts";
import { errorBrowserSection } from "./sections/error_browser_section.ts";
import { experimentSection } from "./sections/experiment_section.ts";
import { labelSection } from "./sections/label_section.ts";
import { runSection } from "./sections/run_section.ts";
import { summarySection } from "./sections/summary_section.ts";

/** Options of {@link reportSections}. */
export interface ReportOptions {
  /** Resamples of each significance test. Default: 10,000. */
  nResamples?: number;
  /** Seed of the resamples; the same data and seed give the same report. Default: 13. */
  seed?: number;
}

/** Builds all sections that are not empty, in their order on the page. */
export async function reportSections(data: ReportData, options: ReportOptions = {}): Promise<Section[]> {
  const { nResamples = 10_000, seed = 13 } = options;
  const comparison = { random: createRandom(seed), nResamples };
  const experiments: Section[] = [];
  for (const experiment of data.experiments) {
    experiments.push(await experimentSection(experiment, data, comparison));
  }
  const sections = [
    summarySection(data),
    ...experiments,
    await curveSection(data),
    typeSection(data),
    confusionSection(data),
    errorSection(data),
    errorBrowserSection(data),
    await labelSection(data),
    adaptationSection(data),
    dataSection(data),
    runSection(data),
  ];
  return sections.filter(({ blocks }) => blocks.length > 0);
}
