import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { createRandom } from "../../data/random.ts";
import { initialBert } from "../../model/bert/bert_init.ts";
import { encoderShapes } from "../../model/bert/bert_shapes.ts";
import { loadEncoderFolder, writeEncoderFolder } from "../../model/bert/encoder_folder.ts";
import { createEngine } from "../../model/engine/create_engine.ts";
import { pretrainedEncoder } from "../../tasks/stages/given_encoder.ts";
import { ensureStage, type Stage } from "../../tasks/stages/stage.ts";
import { tinyTokenizerJson } from "../data/tiny_tokenizer.ts";
import { TINY_BERT } from "../model/tiny.ts";
import { withFolder } from "../temporary_folder.ts";

const FILES: Record<string, string | Uint8Array<ArrayBuffer>> = {
  ...writeEncoderFolder(TINY_BERT, initialBert(encoderShapes(TINY_BERT), createRandom(1))),
  "tokenizer.json": JSON.stringify(tinyTokenizerJson()),
};
const SECRET = "hf_secret_of_this_test";

/** A hub with one encoder, org/tiny, at two revisions, for those who have the token. */
async function withHub(
  use: (asked: string[], hub: { commit: (path: string) => string }) => Promise<void>,
): Promise<void> {
  const asked: string[] = [];
  const hub = { commit: (_path: string) => "c0ffee" };
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    const [, revision, name = ""] = pathname.match(/^\/org\/tiny\/resolve\/(.*)\/(.*)$/)!;
    asked.push(`${revision}/${name}`);
    if (request.headers.get("authorization") !== `Bearer ${SECRET}`) {
      return new Response("no", { status: 401 });
    }
    if (!Object.hasOwn(FILES, name)) return new Response("no", { status: 404 });
    return new Response(FILES[name], { headers: { "x-repo-commit": hub.commit(name), etag: `"${name}"` } });
  });
  const before = { HF_ENDPOINT: Deno.env.get("HF_ENDPOINT"), HF_TOKEN: Deno.env.get("HF_TOKEN") };
  Deno.env.set("HF_ENDPOINT", `http://127.0.0.1:${server.addr.port}`);
  Deno.env.set("HF_TOKEN", SECRET);
  try {
    await use(asked, hub);
  } finally {
    for (const [name, value] of Object.entries(before)) {
      value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
    }
    await server.shutdown();
  }
}

const contextOf = async (store: string, said: string[] = []) => ({
  store,
  engine: await createEngine("cpu"),
  report: (event: unknown) => void said.push(JSON.stringify(event)),
  signal: new AbortController().signal,
});

/** All that is written below a folder, as text. */
async function everythingIn(folder: string): Promise<string> {
  let all = "";
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    all += isDirectory ? await everythingIn(path) : `${name} ${await Deno.readTextFile(path)}\n`;
  }
  return all;
}

Deno.test("an encoder of the hub is downloaded once, with its commit, and its token is written nowhere", () =>
  withFolder((folder) =>
    withHub(async (asked) => {
      const said: string[] = [];
      const context = await contextOf(folder, said);
      const stage = await pretrainedEncoder("cpu", "org/tiny") as Stage;
      const { dir } = await ensureStage(context, stage);
      assertEquals((await loadEncoderFolder(dir)).config, { ...TINY_BERT });
      assertEquals(JSON.parse(await Deno.readTextFile(join(dir, "download.json"))).commit, "c0ffee");
      assert(asked.every((path) => path.startsWith("main/")));
      const n = asked.length;
      await ensureStage(context, await pretrainedEncoder("cpu", "org/tiny") as Stage);
      assertEquals(asked.length, n);
      assertStringIncludes(said.join(), "download of org/tiny: model.safetensors");
      assertEquals(`${await everythingIn(folder)}${said}`.includes(SECRET), false);
    })
  ));

Deno.test("a revision after @ is another encoder", () =>
  withFolder((folder) =>
    withHub(async (asked) => {
      const main = await pretrainedEncoder("cpu", "org/tiny");
      const tagged = await pretrainedEncoder("cpu", "org/tiny@v1.0");
      assert(main.key !== tagged.key);
      await ensureStage(await contextOf(folder), tagged as Stage);
      assert(asked.every((path) => path.startsWith("v1.0/")));
    })
  ));

Deno.test("an HF_ENDPOINT that is no address is named", () =>
  withHub(async () => {
    for (const endpoint of ["huggingface.co", "localhost:8080", "file:///hub"]) {
      Deno.env.set("HF_ENDPOINT", endpoint);
      const error = await assertRejects(() => pretrainedEncoder("cpu", "org/tiny"), Error);
      assertStringIncludes(error.message, `Cannot use "HF_ENDPOINT": expected the address of a hub`);
      assertStringIncludes(error.message, `current value is "${endpoint}"`);
    }
  }));

Deno.test("files of two commits, and a hub that refuses, store nothing", () =>
  withFolder((folder) =>
    withHub(async (_asked, hub) => {
      hub.commit = (path) => path;
      const context = await contextOf(folder);
      const stage = await pretrainedEncoder("cpu", "org/tiny") as Stage;
      await assertRejects(() => ensureStage(context, stage), Error, "all files must be of one commit");
      Deno.env.set("HF_TOKEN", "hf_wrong");
      const refused = await pretrainedEncoder("cpu", "org/tiny") as Stage;
      const error = await assertRejects(() => ensureStage(context, refused), Error, "401");
      assertEquals(error.message.includes("hf_wrong"), false);
      assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), [".unfinished"]);
    })
  ));

Deno.test("pretrainedEncoder() takes a folder by any relative path, also where it is named as a revision is", () =>
  withFolder(async (folder) => {
    const before = Deno.cwd();
    for (const name of ["one", "org/tiny", "org/tiny@v1", "a/b/c"]) {
      await Deno.mkdir(join(folder, name), { recursive: true });
      for (const [file, content] of Object.entries(FILES)) {
        const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
        await Deno.writeFile(join(folder, name, file), bytes);
      }
    }
    try {
      Deno.chdir(folder);
      const dirOf = async (location: string) =>
        (await pretrainedEncoder("cpu", location) as { dir: string }).dir;
      for (const name of ["one", "org/tiny", "org/tiny@v1", "a/b/c", "./one", "a/../one", "a/b/c/"]) {
        assertEquals(await dirOf(name), join(folder, name, "/"));
      }
      Deno.chdir("org");
      assertEquals(await dirOf("../one"), join(folder, "one", "/"));
    } finally {
      Deno.chdir(before);
    }
  }));
