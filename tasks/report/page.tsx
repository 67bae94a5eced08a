/** The report as one HTML file that needs nothing else: no network, and no script for its contents. */
import { renderToString } from "npm:preact-render-to-string@6.8.2";
import type { ComponentChildren } from "npm:preact@10.28.2";
import { printable } from "../../data/text/printable.ts";
import { sha256Base64 } from "../files/hash.ts";
import { BlockView } from "./page/block_view.tsx";
import { ContentsView } from "./page/contents_view.tsx";
import { HeadView } from "./page/head_view.tsx";
import type { Section } from "./page/section.ts";
import type { ReportData } from "./report_data.ts";

/** Styles and scripts that are inlined next to the content. */
interface Assets {
  style: string;
  scripts: readonly string[];
  /** The content security policy, which allows these and nothing else. */
  policy: string;
}

/** The contents of a page. */
export interface PageContent {
  /** The title in the browser's tab. */
  title: string;
  head: ComponentChildren;
  sections: readonly Section[];
  footer: ComponentChildren;
}

/**
 * Writes the report as HTML.
 *
 * @param data Everything that the report shows.
 * @param sections The sections that `reportSections` builds from the data.
 * @returns One self-contained file; the same for the same data and sections.
 */
export async function renderReport(data: ReportData, sections: readonly Section[]): Promise<string> {
  return await renderPage({
    title: `${data.name}: cross-domain named entity recognition`,
    head: <HeadView data={data} />,
    sections,
    footer: <p>Numbers of the paper: {data.paper.source}</p>,
  });
}

/**
 * Writes a page of sections as HTML: one self-contained file. Characters that would change how the text around them
 * reads are escaped as by `printable`, which leaves the sentences, in JSON, the same.
 */
export async function renderPage(content: PageContent): Promise<string> {
  const assets = await loadAssets();
  return printable(`<!doctype html>\n${renderToString(<Page content={content} assets={assets} />)}\n`);
}

function Page({ content, assets }: { content: PageContent; assets: Assets }) {
  const { title, head, sections, footer } = content;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content={assets.policy} />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: assets.style }} />
      </head>
      <body>
        <a class="skip" href="#content">To the content</a>
        {head}
        <ContentsView sections={sections} />
        <main id="content" tabIndex={-1}>
          {sections.map(({ id, title, intro, blocks }) => (
            <section id={id} aria-labelledby={`${id}-title`}>
              <h2 id={`${id}-title`}>{title}</h2>
              {intro !== undefined && <p class="intro">{intro}</p>}
              {blocks.map((block) => <BlockView block={block} />)}
            </section>
          ))}
        </main>
        <footer>{footer}</footer>
        {assets.scripts.map((text) => <script dangerouslySetInnerHTML={{ __html: text }} />)}
      </body>
    </html>
  );
}

/** Reads style and scripts, and makes the policy that forbids everything else. */
async function loadAssets(): Promise<Assets> {
  const read = (name: string) => Deno.readTextFile(new URL(`./page/${name}`, import.meta.url));
  const [style, ...scripts] = await Promise.all(["page.css", "page.js", "error_browser.js"].map(read));
  const sourceOf = async (text: string) => `'sha256-${await sha256Base64(text)}'`;
  const allowed = await Promise.all(scripts.map(sourceOf));
  const policy = [
    "default-src 'none'",
    `script-src ${allowed.join(" ")}`,
    `style-src ${await sourceOf(style!)}`,
    // Figures and shaded cells have their colours in attributes.
    "style-src-attr 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return { style: style!, scripts, policy: policy.join("; ") };
}
