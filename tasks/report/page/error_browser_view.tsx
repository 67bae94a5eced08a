/** The controls and data of the error browser; `error_browser.js` makes them work. */
import type { ComponentChildren } from "npm:preact@10.28.2";
import type { ErrorBrowserData } from "../sections/error_browser_data.ts";

/** Renders controls that stay hidden without a script, and the sentences as JSON. */
export function ErrorBrowserView({ data }: { data: ErrorBrowserData }) {
  return (
    <div class="browser">
      <p class="without-script">The error browser needs a screen and JavaScript.</p>
      <form id="browser-form" hidden>
        <Choice name="target" label="Target" />
        <Choice name="a" label="System A" />
        <Choice name="b" label="System B" />
        <Choice name="seed" label="Seed" />
        <Choice name="show" label="Show">
          <option value="a">errors of A</option>
          <option value="only-a">A wrong, B right</option>
          <option value="only-b">B wrong, A right</option>
          <option value="all">all sentences</option>
        </Choice>
        <Choice name="kind" label="Kind of error">
          <option value="">any</option>
          {data.kinds.map((kind, i) => <option value={i}>{kind}</option>)}
        </Choice>
        <Choice name="type" label="Entity type" />
        <label class="control">
          <span>Text</span>
          <input id="browser-text" type="search" autocomplete="off" spellcheck={false} />
        </label>
      </form>
      <p id="browser-legend" class="legend" hidden>
        Below the words: the gold entities, then A, then B. ✓ is right, a dashed frame wrong, a dotted one
        missed.
      </p>
      <p id="browser-status" class="status" role="status" tabIndex={-1} />
      <ol id="browser-sentences" class="sentences" />
      <p id="browser-pages" class="pages" hidden>
        <button type="button" id="browser-previous">Previous</button> <span id="browser-page" />{" "}
        <button type="button" id="browser-next">Next</button>
      </p>
      <script
        type="application/json"
        id="browser-data"
        dangerouslySetInnerHTML={{ __html: scriptJson(data) }}
      />
    </div>
  );
}

function Choice({ name, label, children }: { name: string; label: string; children?: ComponentChildren }) {
  return (
    <label class="control">
      <span>{label}</span>
      <select id={`browser-${name}`}>{children}</select>
    </label>
  );
}

/** Writes JSON that is safe inside a script element, which ends at the first `</script`, even in a string. */
function scriptJson(data: unknown): string {
  return JSON.stringify(data).replaceAll("<", "\\u003c");
}
