/**
 * Returns the folder that relative paths start from: the working folder of the process, in Deno and Node. Needs no
 * permission.
 *
 * @returns A `file:` URL that ends in a slash; undefined where there is no process, as in a browser.
 */
export function workingFolder(): URL | undefined {
  // Through the global object, because a browser has no process and platform modules may not be imported here.
  const { process } = globalThis as { process?: { cwd?: () => string } };
  const path = process?.cwd?.();
  if (path === undefined) return undefined;
  const parts = path.replaceAll("\\", "/").split("/").map((part, i) =>
    // Keeps the colon of a drive letter.
    i === 0 && /^[a-z]:$/i.test(part) ? part : encodeURIComponent(part)
  );
  return new URL(`file://${/^\//.test(path) ? "" : "/"}${parts.join("/")}/`);
}
