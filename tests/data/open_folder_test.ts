import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { openFolder } from "../../data/open_folder.ts";

/** Answers from a table of addresses, and remembers what was asked for. */
function fakeFetch(files: Record<string, string>) {
  const asked: string[] = [];
  const fetch = (url: URL) => {
    asked.push(url.href);
    if (url.href in files) return Promise.resolve(new Response(files[url.href]));
    if (url.protocol === "file:") return Promise.reject(new TypeError("No such file"));
    return Promise.resolve(new Response("no", { status: 404, statusText: "Not Found" }));
  };
  return { fetch, asked };
}

async function inTempDir(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "odd #1%20 name " });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("openFolder() reads a local folder whose name means something in a URL", () =>
  inTempDir(async (folder) => {
    await Deno.writeFile(`${folder}/a b#.txt`, new TextEncoder().encode("\ufeffhé"));
    for (const location of [folder, `${folder}/`]) {
      const opened = await openFolder(location);
      assertEquals(await opened.readText("a b#.txt"), "hé");
      assertEquals((await opened.readBytes("a b#.txt")).length, 6);
      assertEquals(await opened.has("a b#.txt"), true);
      assertEquals(await opened.has("absent"), false);
    }
  }));

Deno.test("openFolder() resolves ./ and plain names against base", async () => {
  const { fetch } = fakeFetch({ "file:///here/models/tagger/config.json": "{}", "file:///x.txt": "up" });
  const options = { base: "file:///here", fetch };
  assertEquals((await openFolder("./models/tagger", options)).location, "file:///here/models/tagger/");
  assertEquals((await openFolder("models/tagger", options)).location, "file:///here/models/tagger/");
  assertEquals((await openFolder("a/b/c", options)).location, "file:///here/a/b/c/");
  assertEquals(await (await openFolder("..", options)).readText("x.txt"), "up");
  assertEquals(
    (await openFolder("C:\\models\\my tagger", options)).location,
    "file:///C:/models/my%20tagger/",
  );
});

Deno.test("openFolder() takes a name that is no local folder for a hub name", async () => {
  const hub = "https://huggingface.co/google-bert/bert-base-cased/resolve/main/";
  for (const base of [undefined, "file:///here/"]) {
    const { fetch } = fakeFetch({ [`${hub}config.json`]: '{"a":1}' });
    const folder = await openFolder("google-bert/bert-base-cased", { base, fetch });
    assertEquals(folder.location, hub);
    assertEquals(await folder.readJson("config.json"), { a: 1 });
    assertEquals(await folder.has("vocab.txt"), false);
  }
  const { fetch } = fakeFetch({});
  const mirror = await openFolder("a/b", { endpoint: "http://mirror/hub", revision: "v1/x", fetch });
  assertEquals(mirror.location, "http://mirror/hub/a/b/resolve/v1%2Fx/");
});

Deno.test("openFolder() names file, address and what was tried when a file cannot be read", async () => {
  const { fetch } = fakeFetch({ "http://h/m/bad.json": "{", "http://h/m/latin1.txt": "" });
  const folder = await openFolder("http://h/m", { fetch });
  await assertRejects(
    () => folder.readBytes("model.safetensors"),
    Error,
    'Cannot read "model.safetensors" at http://h/m/model.safetensors: the server answered 404 Not Found',
  );
  await assertRejects(() => folder.readJson("bad.json"), Error, "the file must be JSON");
  const missing = await openFolder("no/model", { base: "file:///here/", fetch });
  await assertRejects(
    () => missing.readText("config.json"),
    Error,
    "404 Not Found (taken for a hub name, as there is no file:///here/no/model/config.json)",
  );
});

Deno.test("openFolder() refuses text that is not UTF-8", () =>
  inTempDir(async (folder) => {
    await Deno.writeFile(`${folder}/x.txt`, new Uint8Array([0x68, 0xff]));
    await assertRejects(
      async () => await (await openFolder(folder)).readText("x.txt"),
      Error,
      "must be UTF-8 text",
    );
  }));

Deno.test("openFolder() refuses relative paths without a base, and what is no name at all", async () => {
  // As in a browser, which has no working folder.
  const there = Object.getOwnPropertyDescriptor(globalThis, "process")!;
  Reflect.deleteProperty(globalThis, "process");
  try {
    await assertRejects(
      () => openFolder("./x"),
      Error,
      'Cannot open "./x": a relative path needs a base folder',
    );
    await assertRejects(() => openFolder("a/b/c"), Error, 'Cannot open "a/b/c": expected a path, an address');
  } finally {
    Object.defineProperty(globalThis, "process", there);
  }
});

Deno.test("openFolder() starts relative paths where the process runs, however they are spelled", () =>
  inTempDir(async (folder) => {
    const before = Deno.cwd();
    const tagger = `${folder}/results/stages/tagger#1`;
    const here = `${folder}/results`;
    await Deno.mkdir(tagger, { recursive: true });
    await Deno.mkdir(`${here}/org/name`, { recursive: true });
    for (const path of [tagger, `${here}/org/name`, here]) {
      await Deno.writeTextFile(`${path}/config.json`, path);
    }
    try {
      Deno.chdir(here);
      const locations: [string, string][] = [
        ["stages/tagger#1", tagger],
        ["./stages/tagger#1", tagger],
        ["./stages/tagger#1/", tagger],
        ["../results/stages/tagger#1", tagger],
        ["stages/../stages/tagger#1", tagger],
        [".", here],
        ["org/name", `${here}/org/name`],
        ["org/name/", `${here}/org/name`],
      ];
      for (const [location, expected] of locations) {
        assertEquals(await (await openFolder(location)).readText("config.json"), expected, location);
      }
      Deno.chdir(`${here}/org`);
      assertEquals(await (await openFolder("name")).readText("config.json"), `${here}/org/name`);
      assertEquals(await (await openFolder("../../results")).readText("config.json"), here);
      // One that is not there, and a folder without the file that tells, are models on the hub.
      Deno.chdir(folder);
      for (const name of ["org/name", "results/stages"]) {
        assertEquals((await openFolder(name)).location, `https://huggingface.co/${name}/resolve/main/`);
      }
    } finally {
      Deno.chdir(before);
    }
  }));

Deno.test("url() refuses names that lead out of the folder, and so does reading", async () => {
  const { fetch, asked } = fakeFetch({ "http://h/m/sub/x": "below" });
  const folder = await openFolder("http://h/m", { fetch });
  const names = [
    "..",
    ".",
    "../x",
    "/etc/passwd",
    "a/../../x",
    "a//b",
    "a/",
    "..\\x",
    "\\\\host\\x",
    "con\0",
    "a\nb",
  ];
  for (
    const name of [...names, "%2e%2e", "%2E./x", "a%2Fb", "a%5cb", "file:///etc/passwd", "http://other/x"]
  ) {
    assertThrows(() => folder.url(name), Error, "must not lead out of its folder");
    for (const read of [folder.readBytes, folder.readText, folder.readJson, folder.has]) {
      await assertRejects(() => read(name), Error, "must not lead out of its folder");
    }
  }
  assertEquals(asked, []);
  assertEquals(await folder.readText("sub/x"), "below");
  assertEquals([folder.url("").href, folder.url("..a").href], ["http://h/m/", "http://h/m/..a"]);
});

Deno.test("has() says that it does not know when the server fails", async () => {
  const folder = await openFolder("http://h/", {
    fetch: () => Promise.resolve(new Response("", { status: 500 })),
  });
  await assertRejects(() => folder.has("x"), Error, 'Cannot read "x" at http://h/x: the server answered 500');
  const unreachable = await openFolder("http://h/", {
    fetch: () => Promise.reject(new TypeError("fetch failed", { cause: new Error("refused") })),
  });
  await assertRejects(() => unreachable.has("x"), Error, 'Cannot read "x" at http://h/x: refused');
  await assertRejects(() => unreachable.readText("x"), Error, 'Cannot read "x" at http://h/x: refused');
});

Deno.test("openFolder() reads from a server", async () => {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => new Response(new URL(request.url).pathname),
  );
  try {
    const folder = await openFolder(`http://127.0.0.1:${server.addr.port}/models/a`);
    assertEquals(await folder.readText("config.json"), "/models/a/config.json");
    assertEquals(await folder.has("x"), true);
  } finally {
    await server.shutdown();
  }
});
