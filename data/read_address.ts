/**
 * Reads an address as `fetch` does, including local files, which `fetch` itself reads in Deno but not in Node. A file
 * is opened at once, and read with the answer's body.
 *
 * @param url A `file:`, `http:` or `https:` address.
 * @returns The answer; for a local file always with status 200.
 * @throws {TypeError} If a file cannot be opened or a server cannot be reached.
 */
export async function readAddress(url: URL): Promise<Response> {
  // Through the global object: a browser has no process and no local files.
  return url.protocol === "file:" && "process" in globalThis ? await openFile(url) : await fetch(url);
}

async function openFile(url: URL): Promise<Response> {
  const { open } = await import("node:fs/promises");
  const file = await open(url).catch((error) => {
    // A permission that was not granted is reported as such.
    throw error.code === undefined ? error : new TypeError(error.message, { cause: error });
  });
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        controller.enqueue(await file.readFile());
        controller.close();
      } finally {
        await file.close();
      }
    },
    cancel: () => file.close(),
  }, { highWaterMark: 0 });
  return new Response(body);
}
