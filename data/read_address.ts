/**
 * Reads an address as `fetch` does, local files too: `fetch` itself reads them in Deno, but not in Node. A file is opened
 * at once, and read when the answer's body is.
 *
 * @param url A `file:`, `http:` or `https:` address.
 * @returns The answer; of a local file always one of status 200.
 * @throws {TypeError} If a file cannot be opened or a server not be reached.
 */
export async function readAddress(url: URL): Promise<Response> {
  // By the global object: in a browser there is no process, and there are no local files.
  return url.protocol === "file:" && "process" in globalThis ? await openFile(url) : await fetch(url);
}

async function openFile(url: URL): Promise<Response> {
  const { open } = await import("node:fs/promises");
  const file = await open(url).catch((error) => {
    // A permission that was not granted is told as it is.
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
