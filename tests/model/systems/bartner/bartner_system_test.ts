import { assert, assertEquals } from "@std/assert";
import { createRandom } from "../../../../data/random.ts";
import { sequenceToSpans, withoutOverlaps } from "../../../../data/tags/span_sequences.ts";
import { spansToTags } from "../../../../data/tags/tag_scheme.ts";
import { createEngine } from "../../../../model/engine/create_engine.ts";
import { loadModelFolder } from "../../../../model/model_folder.ts";
import { writtenTypes } from "../../../../model/systems/bart_system.ts";
import type { BartModel } from "../../../../model/systems/bart_system.ts";
import { createBartner } from "../../../../model/systems/bartner/bartner.ts";
import { createSystem } from "../../../../model/systems/create_system.ts";
import { tinyModel, tinySentences } from "../../tiny.ts";
import { withModelFolder } from "../../tiny_model_folder.ts";

Deno.test("bartner predicts the tags of what its search writes, greedily or by beams, from a folder too", async () => {
  const engine = await createEngine("onnx");
  const sentences = tinySentences(createRandom(2), 40, 7);
  const greedy = tinyModel("bartner", 4) as BartModel;
  const { tags, domains, lengthRatio } = greedy;
  const types = writtenTypes(domains);
  const written: string[] = [];
  assertEquals(types.length, 3, "those of both domains");
  for (const model of [greedy, { ...greedy, beamSize: 4 }]) {
    const { beamSize } = model;
    const system = createSystem(engine, model);
    const bartner = createBartner({ engine, ...model });
    const sequences = await bartner.decode(sentences, { lengthRatio, beamSize });
    const expected = sequences.map((sequence, i) => {
      const n = sentences[i]!.firstPieces.length;
      const known = sequenceToSpans(sequence, n, types).filter((span) =>
        tags.entityTypes.includes(span.entityType)
      );
      return spansToTags(withoutOverlaps(known), n).join(" ");
    });
    const tagsOf = (tagIds: Int32Array[]) =>
      tagIds.map((ids) => Array.from(ids, (id) => tags.tagOf(id)).join(" "));
    assertEquals(tagsOf((await system.predict(sentences)).tagIds), expected);
    assert(expected.some((names) => names.includes("B-")), "some entities are found");
    written.push(JSON.stringify(sequences));
    await withModelFolder(model, async (folder) => {
      const again = createSystem(engine, await loadModelFolder(folder));
      assertEquals(tagsOf((await again.predict(sentences)).tagIds), expected);
      again.dispose();
    });
    for (const one of [system, bartner]) one.dispose();
  }
  assert(written[0] !== written[1], "beams find other sequences");
});
