/** The table of contents. */
import type { Section } from "./section.ts";

/** Renders links to all sections; the list is open, and the page's script folds it on narrow screens. */
export function ContentsView({ sections }: { sections: readonly Section[] }) {
  return (
    <nav aria-label="Contents">
      <details class="contents" open>
        <summary>Contents</summary>
        <ol>
          {sections.map(({ id, title }) => (
            <li>
              <a href={`#${id}`}>{title}</a>
            </li>
          ))}
        </ol>
      </details>
    </nav>
  );
}
