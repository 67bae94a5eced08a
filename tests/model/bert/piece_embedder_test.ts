import { assert, assertEquals, assertRejects } from "@std/assert";
import { packBatch } from "../../../data/batches/batch.ts";
import { createRandom } from "../../../data/random.ts";
import { embeddingGradients, embedPieces } from "../../../model/bert/embeddings.ts";
import { createPieceEmbedder } from "../../../model/bert/piece_embedder.ts";
import { HeldArray } from "../../../model/engine/held_array.ts";
import { denseGradient } from "../../../model/training/adam.ts";
import { assertClose } from "../../close.ts";
import { HELD_ENGINES } from "../held_engines.ts";

const H = 4;
const random = createRandom(1);
const table = (rows: number) => ({
  shape: [rows, H],
  data: Float32Array.from({ length: rows * H }, () => random.normal()),
});
const parameters = {
  "embeddings.word_embeddings.weight": table(30),
  "embeddings.position_embeddings.weight": table(8),
  "embeddings.token_type_embeddings.weight": table(2),
};
const sentence = (...ids: number[]) => ({ ids, firstPieces: [1] });
const batch = packBatch([sentence(2, 7, 7, 3), sentence(2, 29, 3), sentence(2, 7, 0, 0, 0, 3)], 1);

for (const [name, load] of Object.entries(HELD_ENGINES)) {
  Deno.test({
    name: `${name}: embed() and gradients() on the engine give what plain arrays give`,
    ignore: load === null,
    async fn() {
      const engine = await load!();
      const { read } = engine.memory!;
      const embedder = createPieceEmbedder(engine, H);
      const embedded = await embedder.embed(parameters, batch);
      assert(embedded instanceof HeldArray);
      // Plain arrays add in float64.
      assertClose((await read(embedded)).data, embedPieces(parameters, batch).data, 1e-6, "embedded");
      const d = table(batch.pieceIds.length);
      const expected = embeddingGradients(parameters, batch, d);
      const found = await embedder.gradients(parameters, batch, d);
      assertEquals(Object.keys(found), Object.keys(expected));
      for (const [table, gradient] of Object.entries(expected)) {
        const { shape, data } = await read(found[table]!);
        assertEquals(shape, gradient.shape);
        assertClose(data, denseGradient(gradient), 1e-6, table);
      }
      await assertRejects(
        () => embedder.embed(parameters, packBatch([sentence(2, 30)], 1)),
        Error,
        "Cannot embed piece id 30",
      );
      embedder.dispose();
    },
  });
}
