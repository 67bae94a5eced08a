/** The report as one HTML file: nothing is loaded from elsewhere, and all text is escaped by the renderer. */
import { renderToString } from "npm:preact-render-to-string@6.8.2";
import { sha256Base64 } from "../hash.ts";
import { adaptationSection, curvesSection, errorsSection, labelsSection } from "./page/analysis_sections.tsx";
import { errorBrowser } from "./page/error_browser.tsx";
import { experimentSection } from "./page/experiment_section.tsx";
import { runsSection, settingsSection, Summary } from "./page/run_sections.tsx";
import type { ReportData } from "./report_data.ts";

/** Renders the page. */
export async function renderReport(data: ReportData): Promise<string> {
  const style = await Deno.readTextFile(new URL("./page/page.css", import.meta.url));
  const script = await Deno.readTextFile(new URL("./page/error_browser.js", import.meta.url));
  const sections = [
    ...await Promise.all(data.experiments.map((experiment) => experimentSection(data, experiment))),
    await curvesSection(data),
    await errorsSection(data),
    await labelsSection(data),
    adaptationSection(data),
    errorBrowser(data),
    runsSection(data),
    settingsSection(data),
  ].filter((section) => section !== null);
  // Whatever slipped through could neither run nor load anything.
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${await sha256Base64(
    script,
  )}'`;
  const title = `Cross-domain NER: ${data.name}`;
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content={policy} />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: style }} />
      </head>
      <body>
        <header>
          <h1>{title}</h1>
          <p class="lead">{data.paper.source}, run again: ours beside the paper's numbers.</p>
          <Summary data={data} />
          <nav aria-label="Contents">
            <ol>
              {sections.map(({ id, title }) => (
                <li>
                  <a href={`#${id}`}>{title}</a>
                </li>
              ))}
            </ol>
          </nav>
        </header>
        <main>
          {sections.map(({ id, title, body }) => (
            <section id={id} aria-labelledby={`${id}-title`}>
              <h2 id={`${id}-title`}>{title}</h2>
              {body}
            </section>
          ))}
        </main>
        <script dangerouslySetInnerHTML={{ __html: script }} />
      </body>
    </html>
  );
  return `<!doctype html>\n${renderToString(page)}\n`;
}
