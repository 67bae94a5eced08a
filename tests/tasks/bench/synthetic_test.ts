import { assert, assertEquals } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { syntheticModel, syntheticSentences } from "../../../tasks/bench/synthetic.ts";
import { torchRequest } from "../../../tasks/bench/torch_request.ts";

const REQUEST = {
  system: "laner",
  size: "tiny",
  engine: "onnx",
  threads: 1,
  sentences: 3,
  length: 400,
  labelWidth: 7,
  types: 5,
  steps: 2,
  predicted: 2,
} as const;

Deno.test("syntheticSentences() have the asked sizes, tags of valid entities, and pieces that the encoder reads", () => {
  const model = syntheticModel(REQUEST);
  const all = syntheticSentences(createRandom(3), 30, 400, model);
  for (const { ids, firstPieces, tagIds } of all) {
    assertEquals([firstPieces.length, tagIds.length], [400, 400]);
    assert(
      ids.length <= model.config.maxPositions && Math.max(...Array.from(ids)) < model.config.vocabularySize,
    );
    const tags = Array.from(tagIds, (id) => model.tags.tags[id]!);
    const isStray = (tag: string, i: number) =>
      tag.startsWith("I-") && tags[i - 1]?.slice(2) !== tag.slice(2);
    assertEquals(tags.filter(isStray), []);
  }
  const nPieces = all.reduce((sum, { ids }) => sum + ids.length, 0) / all.length;
  assert(nPieces > 450 && nPieces < 510, `${nPieces}`);
});

Deno.test("torchRequest() hands PyTorch the sentences that this toolkit trains on", () => {
  const { batch, predicted, nTags, config } = JSON.parse(torchRequest(REQUEST, "cpu"));
  const model = syntheticModel(REQUEST);
  const own = syntheticSentences(createRandom(3), 3, 400, model);
  assertEquals(batch, own.map(({ ids, firstPieces, tagIds }) => ({ ids, firstPieces, tagIds })));
  assertEquals([predicted.length, nTags, config], [2, 11, model.config]);
});
