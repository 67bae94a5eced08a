/** A page in jsdom: parsed as browsers parse it, with its scripts running if wanted. */
import { JSDOM, VirtualConsole } from "npm:jsdom@31.0.1";

/** How a page is opened. */
export interface OpenOptions {
  /** Whether its scripts run. Default false. */
  scripts?: boolean;
  /** Whether the screen is as narrow as a phone's, for scripts that ask. Default false. */
  narrow?: boolean;
}

/** A page that is open. */
export interface OpenedPage {
  document: Document;
  window: typeof globalThis;
  /** What its scripts threw. */
  errors: Error[];
}

/** Opens a page. */
export function openPage(html: string, { scripts = false, narrow = false }: OpenOptions = {}): OpenedPage {
  const errors: Error[] = [];
  const virtualConsole = new VirtualConsole();
  virtualConsole.on("jsdomError", (error: Error) => errors.push(error));
  const { window }: { window: typeof globalThis } = new JSDOM(html, {
    runScripts: scripts ? "dangerously" : undefined,
    virtualConsole,
    beforeParse: (window: typeof globalThis) => {
      // What jsdom lacks, as it draws nothing.
      Object.assign(window, { matchMedia: () => ({ matches: narrow, addEventListener: () => {} }) });
      window.Element.prototype.scrollIntoView = () => {};
    },
  });
  return { document: window.document, window, errors };
}
