import { createRandom } from "../../../data/random.ts";
import { BATCH_AXES, packBatch } from "../../../data/batches/batch.ts";
import { createDropout } from "../../../model/bert/dropout_masks.ts";
import { embedPieces } from "../../../model/bert/embeddings.ts";
import { encode, type EncoderLayout } from "../../../model/bert/encoder.ts";
import { type WordLayout, wordStates } from "../../../model/bert/words.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import { valueAndGradients } from "../../../model/engine/gradients.ts";
import { type Tensor, type Tensors, tf } from "../../../model/engine/tf.ts";
import { assertClose } from "../../close.ts";
import { TINY_BERT, tinyParameters, tinySentences } from "../tiny.ts";

type Inputs = Tensors & EncoderLayout & WordLayout;

Deno.test("encode() gives the states that are wanted, and their gradients, as if it computed all", async () => {
  const random = createRandom(4);
  const batch = packBatch(tinySentences(random, 4), TINY_BERT.nHeads);
  const parameters = tinyParameters("bert-tagger", random);
  const drawer = createDropout(TINY_BERT);
  const inputs = {
    ...parameters,
    ...batch.encoder,
    ...batch.words,
    ...drawer.draw(batch, random),
    embedded: embedPieces(parameters, batch),
  };
  const names = Object.keys(parameters).filter((name) => /^(embeddings.LayerNorm|encoder)\./.test(name));
  const axes = { ...BATCH_AXES(TINY_BERT.nHeads), embedded: ["T", TINY_BERT.hiddenWidth], ...drawer.axes };
  for (const name of ["onnx", "cpu"] as const) {
    const engine = await createEngine(name);
    const run = (label: string, states: (p: Tensors, x: Inputs) => Tensor) => {
      const compiled = engine.compile(label, (x: Inputs) => {
        const by = Object.fromEntries([...names, "embedded"].map((name) => [name, x[name]!]));
        const { value, gradients } = valueAndGradients(
          (p) => tf.sum(tf.square(states({ ...x, ...p }, x))),
          by,
        );
        const outputs: Tensors = { value, h: states(x, x), ...gradients };
        return outputs;
      }, axes);
      return compiled.run(inputs).finally(() => compiled.dispose());
    };
    const all = await run("all", (p, x) => wordStates(encode(TINY_BERT, p, p.embedded!, x, x), x));
    const wanted = await run(
      "wanted",
      (p, x) => encode(TINY_BERT, p, p.embedded!, x, x, (rows) => wordStates(rows, x)),
    );
    for (const [output, { data }] of Object.entries(all)) {
      assertClose(wanted[output]!.data, data, 1e-4, `${output} on ${name}`);
    }
  }
});
