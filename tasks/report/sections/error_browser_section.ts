/** Test sentences with gold and predicted entities, which readers can search on the page. */
import type { Section } from "../page/section.ts";
import type { ReportData } from "../report_data.ts";
import { errorBrowserData } from "./error_browser_data.ts";

/** Builds the section of the error browser, with the sentences of every run that is shown in detail. */
export function errorBrowserSection({ experiments }: Pick<ReportData, "experiments">): Section {
  const data = errorBrowserData(experiments);
  return {
    id: "error-browser",
    title: "Error browser",
    intro: "Test sentences with their gold entities and what one or two systems make of them.",
    blocks: data === null ? [] : [{ kind: "errorBrowser", data }],
  };
}
