/** Blocks of a section as HTML. */
import { ClaimsView } from "./claims_view.tsx";
import { ErrorBrowserView } from "./error_browser_view.tsx";
import type { Block } from "./section.ts";
import { TableView } from "./table_view.tsx";

/** Renders a block. */
export function BlockView({ block }: { block: Block }) {
  switch (block.kind) {
    case "text":
      return <p class="remark">{block.text}</p>;
    case "notice":
      return <NoticeView lines={block.lines} />;
    case "table":
      return <TableView table={block.table} shade={block.shade} />;
    case "figure":
      // SVG text of our own figures, in which all names are escaped.
      return <figure dangerouslySetInnerHTML={{ __html: block.svg }} />;
    case "claims":
      return <ClaimsView claims={block.claims} />;
    case "code":
      return (
        <div class="code">
          <p>{block.title}</p>
          <pre tabIndex={0}><code>{block.text}</code></pre>
        </div>
      );
    case "errorBrowser":
      return <ErrorBrowserView data={block.data} />;
    case "row":
      return <div class="row">{block.blocks.map((inner) => <BlockView block={inner} />)}</div>;
    case "details":
      return (
        <details open={block.open}>
          <summary>{block.title}</summary>
          {block.blocks.map((inner) => <BlockView block={inner} />)}
        </details>
      );
  }
}

/** Renders text that must not be overlooked. */
export function NoticeView({ lines }: { lines: readonly string[] }) {
  return <div class="notice">{lines.map((line) => <p>{line}</p>)}</div>;
}
