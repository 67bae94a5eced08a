/**
 * What a training epoch of LSTM-CRF and Multi-Cell LSTM takes, beside the same networks in plain PyTorch, in turn.
 *
 *   deno run --allow-read --allow-env --allow-ffi --allow-sys --allow-run tests/bench/words.ts FILE [PYTHON [ROUNDS]]
 *
 * FILE has columns, word first and tag last; PYTHON has torch. Prints medians over rounds and their ratio.
 */
import { batchesOf } from "../../data/batches/domain_batches.ts";
import { WHOLE_WORDS } from "../../data/pieces/whole_words.ts";
import { createRandom } from "../../data/random.ts";
import { tagSetOf } from "../../data/tags/tag_set.ts";
import { parseConll } from "../../data/text/conll.ts";
import { createVocabularies } from "../../data/words/vocabularies.ts";
import { createEngine } from "../../model/engine/create_engine.ts";
import { createSystem } from "../../model/systems/create_system.ts";
import { SYSTEMS } from "../../model/systems/systems.ts";
import { createAdam } from "../../model/training/adam.ts";
import { initialParameters } from "../../model/weights/parameters.ts";
import { median } from "../../tasks/bench/timed_steps.ts";
import { encodeTagged } from "../../model/train_model.ts";

const EPOCHS = 4;
/** The sizes of torch_words.py. */
const SIZES = {
  "lstm-crf": { wordWidth: 400, width: 256, nLayers: 2, batchSize: 32 },
  "multi-cell-lstm": { wordWidth: 150, width: 100, nLayers: 1, batchSize: 10 },
} as const;

async function ourEpoch(file: string, system: keyof typeof SIZES): Promise<number> {
  const sentences = parseConll(await Deno.readTextFile(file), { source: file });
  const tags = tagSetOf(sentences);
  const { batchSize, ...widths } = SIZES[system];
  const random = createRandom(1);
  const sizes = { ...widths, characterWidth: 1, characterFeatures: 0, dropout: 0.5 };
  const vocabularies = createVocabularies(sentences, [], false);
  const about = { vocabularies, sizes, tags, domains: { source: tags, target: tags } };
  const parameters = initialParameters(SYSTEMS[system].shapes(about), random);
  const model = { system, ...about, parameters, maxPieces: 512 };
  const network = createSystem(await createEngine("onnx"), model);
  const adam = createAdam({ learningRate: 1e-3 });
  const encoded = encodeTagged(sentences, model, WHOLE_WORDS);
  const seconds: number[] = [];
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const start = performance.now();
    for (const batch of batchesOf(encoded, "mixed", batchSize, random.shuffle)) {
      const { gradients } = await network.lossAndGradients(batch, random);
      adam.step(network.parameters, gradients);
    }
    seconds.push((performance.now() - start) / 1000);
  }
  network.dispose();
  return median(seconds.slice(1));
}

async function torchEpoch(python: string, file: string, system: string): Promise<number> {
  const script = new URL("./torch_words.py", import.meta.url).pathname;
  const { stdout, stderr, success } = await new Deno.Command(python, {
    args: [script, file, system, String(EPOCHS)],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout)).epoch_s_median;
}

const [file, python = "python3", rounds = "3"] = Deno.args;
for (const system of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < Number(rounds); round++) {
    ours.push(await ourEpoch(file!, system));
    theirs.push(await torchEpoch(python, file!, system));
  }
  const [a, b] = [median(ours), median(theirs)];
  console.log(`${system}: epoch ${a.toFixed(2)} s, PyTorch ${b.toFixed(2)} s, ratio ${(b / a).toFixed(2)}`);
}
