import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ProgressEvent } from "../../../model/training/progress.ts";
import { ifMissing } from "../../../tasks/errors.ts";
import { download, type DownloadOptions } from "../../../tasks/files/download.ts";
import { sha256 } from "../../../tasks/files/hash.ts";
import { createAsk } from "../../../tasks/files/http.ts";
import { crashAnywhere } from "../../crashing_disk.ts";
import { hastyTimers } from "../../hasty_timers.ts";
import { type Handler, withServer } from "../../local_server.ts";
import { withFolder } from "../../temporary_folder.ts";

const CONTENT = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) % 251);
const HASH = await sha256(CONTENT);
const DOWNLOAD_MEMORY = fileURLToPath(new URL("../download_memory.ts", import.meta.url));

/** Downloads from a server of its own. */
const from = (
  handler: Handler,
  use: (url: URL, options: DownloadOptions, asked: Headers[], said: ProgressEvent[]) => Promise<void>,
): Promise<void> =>
  withServer(handler, (url, asked) => {
    const said: ProgressEvent[] = [];
    const report = (event: ProgressEvent) => void said.push(event);
    return use(
      url,
      { ask: createAsk({ seconds: 5 }), label: "file", report, pauses: [0, 0, 0] },
      asked,
      said,
    );
  });

/** Sends some bytes, and then breaks the connection. */
function broken(bytes: Uint8Array<ArrayBuffer>, headers: Record<string, string>): Response {
  const stream = new ReadableStream({
    async start(controller) {
      controller.enqueue(bytes);
      await new Promise((resolve) => setTimeout(resolve, 100));
      controller.error(new Error("broken by the test"));
    },
  });
  return new Response(stream, { headers });
}

/** What a well-behaved server answers to a request for a part. */
function rest(request: Request, etag = '"one"'): Response {
  const at = Number(request.headers.get("range")?.match(/^bytes=(\d+)-$/)?.[1]);
  if (!at || request.headers.get("if-range") !== etag) return new Response(CONTENT, { headers: { etag } });
  const headers = { etag, "content-range": `bytes ${at}-${CONTENT.length - 1}/${CONTENT.length}` };
  return new Response(CONTENT.slice(at), { status: 206, headers });
}

const namesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("download() writes the whole file, tells its progress in bytes, and leaves nothing else", () =>
  withFolder((folder) =>
    from((request) => rest(request), async (url, options, _asked, said) => {
      const path = join(folder, "a.bin");
      assertEquals(await download(url, path, options), { bytes: CONTENT.length, sha256: HASH, commit: null });
      assertEquals(await sha256(await Deno.readFile(path)), HASH);
      assertEquals(namesIn(folder), ["a.bin"]);
      assertEquals(said.at(-1), { stage: "file", done: CONTENT.length, total: CONTENT.length });
    })
  ));

Deno.test("download() goes on where a connection was cut, also in a later process", () =>
  withFolder((folder) =>
    from((request, n) => {
      if (n === 0) return broken(CONTENT.slice(0, 40_000), { etag: '"one"', "content-length": "100000" });
      if (n === 1) {
        return broken(CONTENT.slice(0, 30_000), { etag: '"one"', "content-length": "100000" });
      }
      return rest(request);
    }, async (url, options, asked, said) => {
      const path = join(folder, "a.bin");
      await assertRejects(
        () => download(url, path, { ...options, pauses: [] }),
        Error,
        "the connection was cut",
      );
      assertEquals(namesIn(folder), ["a.bin.part", "a.bin.part.etag"]);
      // The second answer is no 206: the file is begun anew, and cut again.
      assertEquals((await download(url, path, options)).sha256, HASH);
      assertEquals(asked.map((headers) => headers.get("range")), [null, "bytes=40000-", "bytes=30000-"]);
      assertMatch(
        said.find(({ message }) => message)!.message!,
        /Cannot download ".*": the connection was cut.*tried again in 0 s/,
      );
      assertEquals(namesIn(folder), ["a.bin"]);
    })
  ));

Deno.test("download() begins anew when the server's file has changed, or has no rest", () =>
  withFolder((folder) =>
    from((request, n) => {
      if (n === 0) return broken(CONTENT.slice(7, 5_000), { etag: '"old"', "content-length": "100000" });
      if (n === 1) return rest(request);
      if (n === 2) return broken(CONTENT.slice(0, 5_000), { etag: '"one"', "content-length": "100000" });
      if (n === 3) return new Response(null, { status: 416 });
      return rest(request);
    }, async (url, options, asked) => {
      for (const name of ["a.bin", "b.bin"]) {
        assertEquals((await download(url, join(folder, name), options)).sha256, HASH);
      }
      assertEquals(asked.map((headers) => headers.get("if-range")), [null, '"old"', null, '"one"', null]);
      assertEquals(namesIn(folder), ["a.bin", "b.bin"]);
    })
  ));

Deno.test("download() begins anew when a server that does not know If-Range gives the rest of another file", () =>
  withFolder((folder) =>
    from((request, n) => {
      if (n === 0) return broken(CONTENT.slice(0, 5_000), { etag: '"one"', "content-length": "100000" });
      if (n > 1) return new Response(CONTENT, { headers: { etag: '"two"' } });
      assertEquals(request.headers.get("if-range"), '"one"');
      const headers = { etag: '"two"', "content-range": "bytes 5000-99999/100000" };
      return new Response(new Uint8Array(95_000), { status: 206, headers });
    }, async (url, options, asked) => {
      const path = join(folder, "a.bin");
      assertEquals((await download(url, path, options)).sha256, HASH);
      assertEquals(await sha256(await Deno.readFile(path)), HASH);
      assertEquals(asked.map((headers) => headers.get("range")), [null, "bytes=5000-", null]);
      assertEquals(namesIn(folder), ["a.bin"]);
    })
  ));

Deno.test("download() goes on until it has the whole rest, when a server gives less of it than was asked for", () =>
  withFolder((folder) =>
    from((request, n) => {
      if (n === 0) return broken(CONTENT.slice(0, 5_000), { etag: '"one"', "content-length": "100000" });
      if (n > 1) return rest(request);
      const headers = { etag: '"one"', "content-range": "bytes 5000-7999/100000" };
      return new Response(CONTENT.slice(5_000, 8_000), { status: 206, headers });
    }, async (url, options, asked) => {
      assertEquals((await download(url, join(folder, "a.bin"), options)).sha256, HASH);
      assertEquals(asked.map((headers) => headers.get("range")), [null, "bytes=5000-", "bytes=8000-"]);
    })
  ));

Deno.test("download() refuses a server that sends more than was promised, before a file is there", async (t) => {
  // More than Content-Length is only ever seen beside chunks: else http itself ends there.
  const cases: [string, Record<string, string>][] = [
    ["by the hub", { "x-linked-size": "50000", etag: '"one"' }],
    ["by Content-Length", { "content-length": "50000", "transfer-encoding": "chunked", etag: '"one"' }],
  ];
  for (const [by, headers] of cases) {
    await t.step(by, () =>
      withFolder(async (folder) => {
        using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
        const served = serveChunks(listener, headers);
        const said: ProgressEvent[] = [];
        const report = (event: ProgressEvent) => void said.push(event);
        const url = new URL(`http://127.0.0.1:${listener.addr.port}/file`);
        const options = { ask: createAsk({ seconds: 5 }), label: "file", report, pauses: [0, 0] };
        const error = await assertRejects(() => download(url, join(folder, "a.bin"), options), Error);
        assertStringIncludes(error.message, "the file must have 50000 bytes, the server sends more");
        await served;
        assertEquals([namesIn(folder), said.filter(({ done }) => done > 50_000)], [[], []]);
      }));
  }
});

/** Answers one request with these headers and a million bytes in chunks, whoever still wants them. */
async function serveChunks(listener: Deno.TcpListener, headers: Record<string, string>): Promise<void> {
  const connection = await listener.accept();
  await connection.read(new Uint8Array(1000));
  const lines = Object.entries({ "transfer-encoding": "chunked", ...headers }).map((pair) => pair.join(": "));
  const head = `HTTP/1.1 200 OK\r\n${lines.join("\r\n")}\r\n\r\n`;
  const chunk = `2710\r\n${"x".repeat(10_000)}\r\n`;
  const sent = new Response(head + chunk.repeat(100) + "0\r\n\r\n").body!;
  await sent.pipeTo(connection.writable).catch(() => {});
}

Deno.test("download() refuses an answer that is no file, and a file that comes compressed", async (t) => {
  const cases: [Response, string][] = [
    [new Response(null, { status: 204 }), "the server answered 204"],
    [new Response("short", { headers: { "content-encoding": "br" } }), "its content-encoding is br"],
  ];
  for (const [answer, rule] of cases) {
    await t.step(rule, () =>
      withFolder((folder) =>
        from(() => answer, async (url, options, asked) => {
          await assertRejects(() => download(url, join(folder, "a.bin"), options), Error, rule);
          assertEquals([asked.length, namesIn(folder)], [1, []]);
        })
      ));
  }
});

Deno.test("download() that is stopped in the middle of a file says nothing of a cut, and keeps what has come", () =>
  withFolder((folder) =>
    from((request, n) => {
      if (n > 0) return rest(request);
      return new Response(
        new ReadableStream({ start: (controller) => controller.enqueue(CONTENT.slice(0, 5_000)) }),
        { headers: { etag: '"one"', "content-length": "100000" } },
      );
    }, async (url, options, asked, said) => {
      const path = join(folder, "a.bin");
      const stop = new AbortController();
      const report = (event: ProgressEvent) => {
        said.push(event);
        if (event.done === 5_000) stop.abort(new Error("stopped by the test"));
      };
      const stopped = { ...options, report, signal: stop.signal, pauses: [] };
      const error = await assertRejects(() => download(url, path, stopped), Error);
      assertEquals(error.message, "stopped by the test");
      assertEquals(said.filter(({ message }) => message), []);
      assertEquals((await download(url, path, options)).sha256, HASH);
      assertEquals(asked.map((headers) => headers.get("range")), [null, "bytes=5000-"]);
    })
  ));

Deno.test({
  name: "download() of a large file takes little memory",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    withFolder((folder) => {
      const piece = new Uint8Array(2 ** 20);
      const nPieces = 400;
      const handler = () => {
        let n = 0;
        return new Response(
          new ReadableStream({
            pull: (controller) => n++ < nPieces ? controller.enqueue(piece) : controller.close(),
          }),
        );
      };
      return from(handler, async (url) => {
        const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
          args: ["run", "--no-check", "--allow-all", DOWNLOAD_MEMORY, url.href, join(folder, "a.bin")],
        }).output();
        assert(success, new TextDecoder().decode(stderr));
        const { bytes, sha256, peakMiB } = JSON.parse(new TextDecoder().decode(stdout));
        const expected = createHash("sha256");
        for (let i = 0; i < nPieces; i++) expected.update(piece);
        assertEquals([bytes, sha256], [nPieces * piece.length, expected.digest("hex")]);
        assert(peakMiB < 320, `${peakMiB} MiB`);
      });
    }),
});

Deno.test("download() refuses a file that is not what it must be, by a pin or by what the hub says", () =>
  withFolder((folder) =>
    from(
      () => new Response(CONTENT, { headers: { etag: '"one"', "x-linked-etag": `"${"0".repeat(64)}"` } }),
      async (url, options) => {
        const path = join(folder, "a.bin");
        const error = await assertRejects(
          () => download(url, path, options),
          Error,
          `SHA-256 ${"0".repeat(64)}`,
        );
        assertStringIncludes(error.message, HASH);
        await assertRejects(
          () => download(url, path, { ...options, sha256: "1".repeat(64) }),
          Error,
          "1".repeat(64),
        );
        assertEquals(namesIn(folder), []);
        await download(url, path, { ...options, sha256: HASH });
      },
    )
  ));

Deno.test("download() says what a server's refusal means, and does not ask again for it", async (t) => {
  const cases: [number, RegExp, number][] = [
    [404, /Cannot download "http:\/\/127.0.0.1:\d+\/file": the server answered 404/, 1],
    [401, /401.*HF_TOKEN/, 1],
    [403, /403.*HF_TOKEN/, 1],
    [503, /503/, 4],
    [429, /429/, 4],
  ];
  for (const [status, message, nAsked] of cases) {
    await t.step(
      String(status),
      () =>
        withFolder((folder) =>
          from(() => new Response("no", { status }), async (url, options, asked) => {
            const error = await assertRejects(() => download(url, join(folder, "a"), options), Error);
            assertMatch(error.message, message);
            assertEquals([asked.length, namesIn(folder)], [nAsked, []]);
          })
        ),
    );
  }
});

Deno.test("download() gives up on a server that is silent, before and in the middle of the file", () =>
  withFolder((folder) =>
    from((_request, n) => {
      const silent = new Promise<Response>((resolve) => setTimeout(() => resolve(new Response("late")), 700));
      if (n === 0) return silent;
      let end: ReturnType<typeof setTimeout>;
      return new Response(
        new ReadableStream({
          start(controller) {
            controller.enqueue(CONTENT.slice(0, 10));
            end = setTimeout(() => controller.close(), 700);
          },
          cancel: () => clearTimeout(end),
        }),
        { headers: { "content-length": "100000" } },
      );
    }, async (url, options) => {
      const hasty = { ...options, ask: createAsk({ seconds: 0.2 }), seconds: 0.2, pauses: [] };
      await assertRejects(() => download(url, join(folder, "a"), hasty), Error, "no answer within 0.2 s");
      await assertRejects(() => download(url, join(folder, "a"), hasty), Error, "no byte within 0.2 s");
      assertEquals(namesIn(folder), ["a.part"]);
    })
  ));

Deno.test("the token goes to the hub's own origin, is left behind where a redirect leads elsewhere, and is never said", () =>
  withFolder((folder) =>
    from((request) => rest(request), async (elsewhere, _options, askedElsewhere) => {
      const linked = { "x-linked-etag": `"${HASH}"`, "x-repo-commit": "c0ffee" };
      await from((request, n) => {
        if (n === 2) return new Response("no", { status: 403 });
        const location = n === 0 ? new URL("/again", request.url).href : elsewhere.href;
        return new Response(null, { status: 302, headers: { location, ...linked } });
      }, async (url, options, asked, said) => {
        const ask = createAsk({ token: { origin: url.origin, value: "hf_secret" } });
        const path = join(folder, "a.bin");
        assertEquals(await download(url, path, { ...options, ask }), {
          bytes: CONTENT.length,
          sha256: HASH,
          commit: "c0ffee",
        });
        assertEquals(asked.map((headers) => headers.get("authorization")), [
          "Bearer hf_secret",
          "Bearer hf_secret",
        ]);
        assertEquals(askedElsewhere.map((headers) => headers.get("authorization")), [null]);
        const error = await assertRejects(() => download(url, path, { ...options, ask }), Error, "403");
        assertEquals(`${error.message} ${error.stack} ${JSON.stringify(said)}`.includes("hf_secret"), false);
      });
    })
  ));

Deno.test("download() leaves a whole file or none wherever the machine goes down, and goes on from what is there", () =>
  withFolder((folder) =>
    from(
      (request, n) =>
        n === 0
          ? broken(CONTENT.slice(0, 40_000), { etag: '"one"', "content-length": "100000" })
          : rest(request),
      (url, options) =>
        crashAnywhere(
          folder,
          (root) => download(url, join(root, "a.bin"), options),
          async (root, isOver) => {
            const path = join(root, "a.bin");
            const there = await ifMissing(Deno.readFile(path), null);
            if (isOver || there !== null) assertEquals(await sha256(there!), HASH);
            assertEquals((await download(url, path, options)).sha256, HASH);
            assertEquals(namesIn(root), ["a.bin"]);
          },
        ),
    )
  ));

Deno.test("download() waits a minute for a byte, and a second before it tries again", () =>
  withFolder(async (folder) => {
    const url = new URL("https://hub.test/a");
    const stop = new AbortController();
    const said: string[] = [];
    // It answers, and then nothing comes.
    const ask = () => {
      const response = new Response(new ReadableStream(), { headers: { "content-length": "10" } });
      return Promise.resolve({ response, sha256: null, bytes: null, commit: null });
    };
    const report = ({ message }: ProgressEvent) => {
      if (message === undefined) return;
      said.push(message);
      stop.abort(new Error("stopped by the test"));
    };
    using hasty = hastyTimers();
    const options = { ask, label: "a", report, signal: stop.signal };
    await assertRejects(() => download(url, join(folder, "a"), options), Error, "stopped by the test");
    assertEquals(hasty.delays, [60_000]);
    assertMatch(said.join(), /no byte within 60 s; tried again in 1 s$/);
  }));

Deno.test("download() does not go on by a weak ETag, which does not promise the same bytes", () =>
  withFolder((folder) =>
    from((_request, n) => {
      const headers = { etag: 'W/"one"', "content-length": "100000" };
      return n === 0 ? broken(CONTENT.slice(0, 40_000), headers) : new Response(CONTENT, { headers });
    }, async (url, options, asked) => {
      await download(url, join(folder, "a.bin"), options);
      assertEquals(asked.map((headers) => headers.get("range")), [null, null]);
      assertEquals(namesIn(folder), ["a.bin"]);
    })
  ));
