import { assert, assertEquals, assertThrows } from "@std/assert";
import { charBlocks, charsOfLines } from "../../../data/batches/char_blocks.ts";
import { charPlaces } from "../../../data/batches/char_places.ts";
import { createRandom } from "../../../data/random.ts";

Deno.test("charPlaces() gives Flair's strings and places for a sentence worked by hand", () => {
  const { forward, backward, forwardPlaces, backwardPlaces } = charPlaces(["I", "love", "\u{1F600}é", "."]);
  //                                   0 1 2 3 4 5 6 7 8 9 ...
  assertEquals(forward.join(""), "\nI love \u{1F600}é . ");
  assertEquals([...forwardPlaces], [2, 7, 10, 12]);
  assertEquals(backward.join(""), "\n. é\u{1F600} evol I ");
  assertEquals([...backwardPlaces], [12, 10, 5, 2]);
  assertEquals(charPlaces([]).forward.join(""), "\n ");
});

/** The offsets as Flair 0.8 counts them, token by token (`FlairEmbeddings._add_embeddings_internal`). */
function flairOffsets(words: string[]): { forward: number[]; backward: number[] } {
  const forward: number[] = [];
  const backward: number[] = [];
  let offsetForward = 1;
  let offsetBackward = [...words.join(" ")].length + 1;
  for (const word of words) {
    offsetForward += [...word].length;
    forward.push(offsetForward);
    backward.push(offsetBackward);
    offsetForward += 1;
    offsetBackward -= 1;
    offsetBackward -= [...word].length;
  }
  return { forward, backward };
}

Deno.test("charPlaces() reads every state at a space, after the word and what is on its side", () => {
  const random = createRandom(4);
  const words = ["a", "the", "\u{1F600}\u{1F600}", "Bundesbank", ",", "e\u0301"];
  for (let round = 0; round < 200; round++) {
    const sentence = Array.from(
      { length: 1 + random.integer(12) },
      () => words[random.integer(words.length)]!,
    );
    const { forward, backward, forwardPlaces, backwardPlaces } = charPlaces(sentence);
    assertEquals({ forward: [...forwardPlaces], backward: [...backwardPlaces] }, flairOffsets(sentence));
    sentence.forEach((_, i) => {
      const before = sentence.slice(0, i + 1).join(" ");
      const after = sentence.slice(i).join(" ");
      assertEquals(forward.slice(0, forwardPlaces[i]! + 1).join(""), `\n${before} `);
      const reversed = [...after].reverse().join("");
      assertEquals(backward.slice(0, backwardPlaces[i]! + 1).join(""), `\n${reversed} `);
    });
  }
});

Deno.test("charsOfLines() lower-cases a line in a hundred and upper-cases another", () => {
  const line = "Ab \u{1F600}";
  const n = 20_000;
  const text = charsOfLines(Array(n).fill(line), createRandom(1));
  assertEquals(text.length, n * 5);
  const lines = text.join("").split("\n");
  assertEquals(lines.pop(), "");
  const count = (form: string) => lines.filter((one) => one === form).length;
  const [lower, upper] = [count("ab \u{1F600}"), count("AB \u{1F600}")];
  assertEquals(lower + upper + count(line), n);
  // Expected 200, standard deviation 14.
  for (const share of [lower, upper]) assert(share > 140 && share < 260, `${lower} lower, ${upper} upper`);
  const backward = charsOfLines(Array(n).fill(line), createRandom(1), { backward: true });
  assertEquals(backward.slice(0, 5), ["\n", "\u{1F600}", " ", "b", "A"]);
  assertEquals(backward.reverse().join("") === text.join(""), true);
});

Deno.test("charBlocks() reads streams side by side, each going on where it was", () => {
  const ids = Array.from({ length: 3 * 11 + 2 }, (_, i) => i);
  const blocks = charBlocks(ids, { nStreams: 3, length: 4 });
  assertEquals(blocks.map(({ length }) => length), [4, 4, 2]);
  for (let stream = 0; stream < 3; stream++) {
    const read = (part: "inputs" | "targets") =>
      blocks.flatMap((
        block,
      ) => [...block[part].subarray(stream * block.length, (stream + 1) * block.length)]);
    assertEquals(read("inputs"), ids.slice(11 * stream, 11 * stream + 10));
    assertEquals(read("targets"), ids.slice(11 * stream + 1, 11 * stream + 11));
  }
  assertEquals(blocks[0]!.inputs.length, 12);
});

Deno.test("charBlocks() takes 100 streams of 250 unless told, and no block without a target", () => {
  const blocks = charBlocks(new Int32Array(100 * 501));
  assertEquals(blocks.map(({ nStreams, length }) => [nStreams, length]), [[100, 250], [100, 250]]);
  assertEquals(charBlocks([5, 6], { nStreams: 1 }).map(({ inputs, targets }) => [...inputs, ...targets]), [[
    5,
    6,
  ]]);
});

Deno.test("charBlocks() refuses texts and sizes that give no block", () => {
  const message = "there must be 2 for each of 3 streams, current value is 5";
  assertThrows(() => charBlocks([1, 2, 3, 4, 5], { nStreams: 3 }), Error, message);
  assertThrows(
    () => charBlocks([1, 2], { nStreams: 0 }),
    Error,
    '"nStreams": it must be a whole number from 1',
  );
  assertThrows(() => charBlocks([1, 2], { nStreams: 1, length: 1.5 }), Error, "current value is 1.5");
});
