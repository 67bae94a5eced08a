import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { createAsk } from "../../../tasks/files/http.ts";
import { hastyTimers } from "../../hasty_timers.ts";
import { withServer } from "../../local_server.ts";

/** Signed by itself, so that nobody trusts it; it and its key are of no other use. */
const UNTRUSTED = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBYzCCAQigAwIBAgIUW8ryL/EJUv7HDZ4qy1NbhwSMuV8wCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjMxODI5NTVaGA8yMTI2MTAzMDE4Mjk1
NVowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMF2
kTYgQFrwJL0vVtqOYNdwxyeWLG8IwxVrQdA4ghry8K2ttcW/aOZBZ2oBOA+L0gTn
IcYUcB4m3W0qmv+JJYSjQDA+MA8GA1UdEQQIMAaHBH8AAAEwDAYDVR0TAQH/BAIw
ADAdBgNVHQ4EFgQUffzmV1JSOjmYof8v6lua5DzChLcwCgYIKoZIzj0EAwIDSQAw
RgIhAKI8tFtV6zu+YEdW8XgaA/S3E7n+KYWsrTRDq4btMhp/AiEAkZJTxFTT/Er8
W+1YfbhsRdnLjAX+mIGvqneWtOdCges=
-----END CERTIFICATE-----`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQPPtF52jv6Tf1bOd
/dRd0fSbX1C+B2OeL9QbFXvDKj6hRANCAATBdpE2IEBa8CS9L1bajmDXcMcnlixv
CMMVa0HQOIIa8vCtrbXFv2jmQWdqATgPi9IE5yHGFHAeJt1tKpr/iSWE
-----END PRIVATE KEY-----`,
};

const redirect = (location: string) => new Response(null, { status: 302, headers: { location } });

Deno.test("createAsk() follows redirects to http and https alone, and not forever", async (t) => {
  const cases: [string, string][] = [
    ["file:///etc/passwd", "a redirect must not lead from http: to file:"],
    ["data:text/plain,x", "a redirect must not lead from http: to data:"],
    ["ftp://example.org/x", "a redirect must not lead from http: to ftp:"],
    ["http://", "a redirect must lead to an address"],
    ["/file", "at most 10 redirects are followed"],
  ];
  for (const [location, rule] of cases) {
    await t.step(location, () =>
      withServer(() => redirect(location), async (url) => {
        const error = await assertRejects(() => createAsk()(url), Error, "Cannot download");
        assertStringIncludes(error.message, rule);
      }));
  }
});

Deno.test("the token does not come back when a redirect leads back to the hub, nor with one from elsewhere", async () => {
  // Each server redirects by the path: to the other, to the next path of its own, or not at all.
  const authorized: [string, string | null][] = [];
  let hub = "";
  let elsewhere = "";
  const next: Record<string, () => string> = {
    "hub /a": () => `${hub}/b`,
    "hub /b": () => `${elsewhere}/c`,
    "elsewhere /c": () => `${elsewhere}/d`,
    "elsewhere /d": () => `${hub}/e`,
    "hub /e": () => `${hub}/f`,
  };
  const answer = (name: string) => (request: Request) => {
    const place = `${name} ${new URL(request.url).pathname}`;
    authorized.push([place, request.headers.get("authorization")]);
    return place in next ? redirect(next[place]!()) : new Response("it");
  };
  await withServer(answer("hub"), (hubUrl) =>
    withServer(answer("elsewhere"), async (elsewhereUrl) => {
      [hub, elsewhere] = [hubUrl.origin, elsewhereUrl.origin];
      const ask = createAsk({ token: { origin: hub, value: "hf_secret" } });
      const bearer = "Bearer hf_secret";
      const askedAt = async (address: string) => {
        authorized.length = 0;
        assertEquals(await (await ask(new URL(address))).response.text(), "it");
        return authorized;
      };
      assertEquals(await askedAt(`${hub}/a`), [
        ["hub /a", bearer],
        ["hub /b", bearer],
        ["elsewhere /c", null],
        ["elsewhere /d", null],
        ["hub /e", null],
        ["hub /f", null],
      ]);
      assertEquals(await askedAt(`${elsewhere}/d`), [["elsewhere /d", null], ["hub /e", null], [
        "hub /f",
        null,
      ]]);
      // Every file that is asked of the hub itself gets it anew.
      assertEquals(await askedAt(`${hub}/f`), [["hub /f", bearer]]);
    }));
});

Deno.test("the token is sent to an origin: scheme, host and port, from the first request on", async () => {
  const { fetch } = globalThis;
  const asked: [string, string | null][] = [];
  let leadsTo: string | null = null;
  globalThis.fetch = (url, init) => {
    asked.push([String(url), new Headers(init?.headers).get("authorization")]);
    return Promise.resolve(asked.length === 1 && leadsTo !== null ? redirect(leadsTo) : new Response("it"));
  };
  try {
    const ask = createAsk({ token: { origin: "https://hub.test", value: "secret" } });
    const bearer = "Bearer secret";
    const own = ["https://hub.test/a", "https://hub.test:443/b", "https://HUB.test/c"];
    const others = [
      "http://hub.test/a",
      "https://hub.test:8443/a",
      "http://hub.test:443/a",
      "https://hub.test./a",
    ]
      .concat("https://sub.hub.test/a", "https://hub.test.other.test/a", "https://hub.test@other.test/a");
    for (const address of [...own, ...others]) {
      [asked.length, leadsTo] = [0, null];
      await ask(new URL(address));
      assertEquals(asked.map(([, token]) => token), [own.includes(address) ? bearer : null], address);
      if (address.startsWith("http:")) continue;
      [asked.length, leadsTo] = [0, address];
      await ask(new URL("https://hub.test/start"));
      assertEquals(asked.map(([, token]) => token), [bearer, own.includes(address) ? bearer : null], address);
    }
    // A hub of one's own may speak http: its token does not go where the scheme changes, nor does it come later.
    const plain = createAsk({ token: { origin: "http://hub.test", value: "secret" } });
    const ways: [start: string, next: string | null][] = [
      ["http://hub.test/a", "https://hub.test/a"],
      ["https://hub.test:80/a", null],
    ];
    for (const [start, next] of ways) {
      [asked.length, leadsTo] = [0, next];
      await plain(new URL(start));
      assertEquals(asked.at(-1)![1], null, start);
    }
    [asked.length, leadsTo] = [0, "http://hub.test/a"];
    const rule = "a redirect must not lead from https: to http:";
    await assertRejects(() => ask(new URL("https://hub.test/start")), Error, rule);
    assertEquals(asked.length, 1);
  } finally {
    globalThis.fetch = fetch;
  }
});

Deno.test("createAsk() waits a minute for an answer", async () => {
  const { fetch } = globalThis;
  globalThis.fetch = (_url, init) =>
    new Promise((_, reject) => init!.signal!.addEventListener("abort", () => reject(init!.signal!.reason)));
  using hasty = hastyTimers();
  try {
    await assertRejects(() => createAsk()(new URL("https://hub.test/a")), Error, "no answer within 60 s");
    assertEquals(hasty.delays, [60_000]);
  } finally {
    globalThis.fetch = fetch;
  }
});

Deno.test("a token that cannot be sent is refused without being said, and white space around one is no part of it", () =>
  withServer(() => new Response("it"), async (url, asked) => {
    for (const value of ["hf_sec\nret", "hf_sec…ret", " "]) {
      const ask = createAsk({ token: { origin: url.origin, value } });
      const error = await assertRejects(() => ask(url), Error, 'Cannot use "HF_TOKEN": a token must be');
      assertEquals(/sec/.test(`${error.message}${error.stack}`), false);
    }
    assertEquals(asked.length, 0);
    const { response } = await createAsk({ token: { origin: url.origin, value: "hf_secret\n" } })(url);
    await response.body?.cancel();
    assertEquals(asked.map((headers) => headers.get("authorization")), ["Bearer hf_secret"]);
  }));

Deno.test("createAsk() says in a line why there was no answer, and no address that it was led to", async (t) => {
  const closed = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = closed.addr;
  closed.close();
  await t.step("nobody listens", async () => {
    const error = await assertRejects(() => createAsk()(new URL(`http://127.0.0.1:${port}/file`)), Error);
    assertMatch(
      error.message,
      /^Cannot download "http:\/\/127.0.0.1:\d+\/file": [^\n]*connection refused[^\n]*$/i,
    );
  });
  await t.step(
    "nobody listens where a redirect leads",
    () =>
      withServer(() => redirect(`http://127.0.0.1:${port}/big?signature=secret`), async (url) => {
        const error = await assertRejects(() => createAsk()(url), Error, `http://127.0.0.1:${port}`);
        assertMatch(error.message, /connection refused/i);
        assertEquals(error.message.includes("secret"), false, error.message);
      }),
  );
  await t.step("a certificate that nobody trusts", () =>
    withServer(() => new Response("it"), async (url) => {
      await assertRejects(() => createAsk()(url), Error, "invalid peer certificate");
    }, UNTRUSTED));
  await t.step("no http", async () => {
    using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const answered = (async () => {
      using connection = await listener.accept();
      await connection.read(new Uint8Array(1000));
      await connection.write(new TextEncoder().encode("SSH-2.0\r\n"));
    })();
    const url = new URL(`http://127.0.0.1:${listener.addr.port}/file`);
    await assertRejects(() => createAsk()(url), Error, "invalid HTTP");
    await answered;
  });
});
