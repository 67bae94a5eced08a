/**
 * The folder that relative paths start from: where the process runs, if there is one, as in Deno and Node. No permission
 * is needed for it.
 *
 * @returns A `file:` URL that ends in a slash; undefined where there is no process, as in a browser.
 */
export function workingFolder(): URL | undefined {
  // By the global object, as a browser has none, and nothing here may be imported from a platform.
  const { process } = globalThis as { process?: { cwd?: () => string } };
  const path = process?.cwd?.();
  if (path === undefined) return undefined;
  const parts = path.replaceAll("\\", "/").split("/").map((part, i) =>
    // A drive's letter keeps its colon.
    i === 0 && /^[a-z]:$/i.test(part) ? part : encodeURIComponent(part)
  );
  return new URL(`file://${/^\//.test(path) ? "" : "/"}${parts.join("/")}/`);
}
