import { assert, assertEquals, assertRejects } from "@std/assert";
import { WHOLE_WORDS } from "../../data/pieces/whole_words.ts";
import { tagsToSpans } from "../../data/tags/tag_scheme.ts";
import type { Entity } from "../../data/text/entities.ts";
import { splitSentences, splitWords } from "../../data/text/text_words.ts";
import { createEngine } from "../../model/engine/create_engine.ts";
import { createSystem } from "../../model/systems/create_system.ts";
import { createTagger, loadTagger, type TaggedWords, type Tagger } from "../../model/tagger.ts";
import { TINY_TAGS, tinyModel } from "./tiny.ts";
import { withModelFolder } from "./tiny_model_folder.ts";

const SENTENCES = [
  ["new", "yorkers", "like", "ooo", "."],
  [],
  ["\u{20000}", "京", "?"],
  Array.from({ length: 60 }, (_, i) => ["new", "york", "like", "eee", "σ"][i * i % 5]!), // more pieces than the encoder has positions
];

async function withTagger(seed: number, use: (tagger: Tagger, folder: string) => Promise<void>) {
  const engine = await createEngine("onnx");
  await withModelFolder(tinyModel("laner", seed), async (folder) => {
    const tagger = await loadTagger(folder, { engine });
    await use(tagger, folder);
    tagger.dispose();
  });
}

Deno.test("loadTagger() predicts the same from a path, a file: address and an http: address", async () => {
  await withTagger(1, async (tagger, folder) => {
    assertEquals(tagger.system, "laner");
    assertEquals([...tagger.tags.tags], [...TINY_TAGS.tags]);
    const expected = await tagger.predict(SENTENCES);
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
      const { pathname } = new URL(request.url);
      try {
        return new Response(await Deno.readFile(folder + pathname.replace(/^\/models\/tiny/, "")));
      } catch {
        return new Response("not found", { status: 404 });
      }
    });
    try {
      for (const address of [`file://${folder}`, `http://127.0.0.1:${server.addr.port}/models/tiny`]) {
        for (const location of [address, new URL(address + "/")]) {
          const other = await loadTagger(location, { engine: "onnx" });
          assertEquals(await other.predict(SENTENCES), expected);
          other.dispose();
        }
      }
    } finally {
      await server.shutdown();
    }
  });
});

Deno.test("loadTagger() quantises on request, and says where it cannot", () =>
  withModelFolder(tinyModel("bert-tagger", 3), async (folder) => {
    const sizes: number[][] = [];
    for (const quantize of [undefined, "int8"] as const) {
      const engine = await createEngine("onnx");
      // The encoder's weights as the engine gets them.
      const spy: typeof engine = {
        ...engine,
        compile(label, fn, axes, options) {
          const { constants, int8 } = options!.weights!;
          sizes.push([constants.size, int8?.size ?? 0]);
          return engine.compile(label, fn, axes, options);
        },
      };
      const tagger = await loadTagger(folder, { engine: spy, quantize });
      assertEquals((await tagger.predict(SENTENCES)).map(({ words }) => words), SENTENCES);
      tagger.dispose();
    }
    const [constants] = sizes[0]!;
    // Of each of two layers six, and three tables.
    assertEquals([...new Set(sizes.map(([all, int8]) => `${all} ${int8}`))], [
      `${constants} 0`,
      `${constants} 15`,
    ]);
    await assertRejects(
      () => loadTagger(folder, { engine: "cpu", quantize: "int8" }),
      Error,
      "Cannot compute in int8: the engine must be onnx, onnx-ffi or wasm, current value is cpu",
    );
  }));

Deno.test("predict() gives each word a tag and its spans, over-long and empty sentences too", async () => {
  await withTagger(2, async (tagger) => {
    const shares: number[] = [];
    const results = await tagger.predict(SENTENCES, (share) => shares.push(share));
    assertEquals(results.map(({ words }) => words), SENTENCES);
    for (const { words, tags, spans } of results) {
      assertEquals(tags.length, words.length);
      assert(tags.every((tag) => TINY_TAGS.has(tag)));
      assertEquals(spans, tagsToSpans(tags, { scheme: "IOB2" }));
    }
    assertEquals(shares.at(-1), 1);
    const alone: TaggedWords[] = [];
    for (const sentence of SENTENCES) alone.push(...await tagger.predict([sentence]));
    assertEquals(alone, results);
    for (const guesses of [results.map(({ tags }) => tags), SENTENCES.map((words) => words.map(() => "O"))]) {
      assertEquals(await tagger.predict(SENTENCES, undefined, guesses), results);
    }
    assertEquals(await tagger.predict([]), []);
  });
});

Deno.test("predictText() says where entities stand, in UTF-16 code units, after characters outside the BMP too", async () => {
  const text =
    "  😀 New Yorkers \u{20000}like 京.\n\n👩‍🚀 ooo New\tYork? Like \u{1F600}\u{20000} e\u0301e.  New";
  let nEntities = 0;
  for (let seed = 1; seed <= 5; seed++) {
    await withTagger(seed, async (tagger) => {
      const entities = await tagger.predictText(text);
      for (const { text: part, start, end, entityType } of entities) {
        assertEquals(text.slice(start, end), part);
        assert(part.length > 0 && part.trim() === part, JSON.stringify(part));
        assert(TINY_TAGS.entityTypes.includes(entityType));
      }
      const starts = entities.map(({ start }) => start);
      assertEquals(starts, starts.toSorted((a, b) => a - b));
      // The same entities as those of its sentences' words.
      const words = splitSentences(text).map(({ text }) => splitWords(text).map(({ text }) => text));
      const spans = (await tagger.predict(words)).flatMap(({ words, spans }) =>
        spans.map(({ start, end, entityType }) => ({ words: words.slice(start, end).join(""), entityType }))
      );
      assertEquals(
        entities.map(({ text, entityType }) => ({ words: text.replace(/\s/g, ""), entityType })),
        spans,
      );
      nEntities += entities.length;
      assertEquals(await tagger.predictText(" \n "), []);
    });
  }
  assert(nEntities > 10, `${nEntities} entities are too few to tell`);
});

Deno.test("predictText() finds in a text what it finds without characters that have no width, in its own places", async () => {
  const engine = await createEngine("onnx");
  const plain = "new ab york cd ef, gh like ij kl. Mn op qr new york like";
  const odd =
    "\ufeffn\u00adew a\u200bb y\u2060ork \u200bcd\u200b \u2066ef\u2069, gh like ij\x1b\0kl. M\u00adn op\u200b qr new " +
    "york \u00ad like";
  let nEntities = 0;
  for (let seed = 1; seed <= 3; seed++) {
    for (const system of ["lstm-crf", "flair"] as const) {
      const model = tinyModel(system, seed);
      const tagger = createTagger(createSystem(engine, model), WHOLE_WORDS, model);
      const found = await tagger.predictText(odd);
      nEntities += found.length;
      for (const { text, start, end } of found) assertEquals(odd.slice(start, end), text);
      const cleaned = found.map(({ text, entityType }) => ({
        text: text.replace(/[\xad\u200b\u2060-\u2069]/g, "").replace(/[\s\p{Cc}]+/gu, " "),
        entityType,
      }));
      const expected = await tagger.predictText(plain);
      assertEquals(cleaned, expected.map(({ text, entityType }) => ({ text, entityType })));
      assertEquals(await tagger.predictText("\u200b \ufeff\n\u00ad"), []);
      tagger.dispose();
    }
  }
  assert(nEntities > 5, `${nEntities} entities are too few to tell`);
});

Deno.test("predictText() reads wrapped lines as one when told that only blank lines end sentences", async () => {
  const engine = await createEngine("onnx");
  const flat = "new ab york cd ef gh like ij kl. mn op qr";
  const wrapped = flat.replaceAll(" ", "\n");
  const unlike: number[] = [];
  for (let seed = 1; seed <= 5; seed++) {
    const model = tinyModel("lstm-crf", seed);
    const tagger = createTagger(createSystem(engine, model), WHOLE_WORDS, model);
    const places = (found: Entity[]) =>
      found.map(({ start, end, entityType }) => `${start}-${end} ${entityType}`).join(", ");
    const expected = places(await tagger.predictText(flat));
    assertEquals(places(await tagger.predictText(wrapped, { paragraphs: true })), expected);
    if (places(await tagger.predictText(wrapped)) !== expected) unlike.push(seed);
    tagger.dispose();
  }
  assert(unlike.length > 0, "line ends that end sentences make no difference here");
});
