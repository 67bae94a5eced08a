import { assertEquals, assertRejects } from "@std/assert";
import { charBlocks } from "../../../data/batches/char_blocks.ts";
import { createRandom } from "../../../data/random.ts";
import { createCharLm, initialCharLm } from "../../../model/char_lm/char_lm.ts";
import { trainCharLm } from "../../../model/char_lm/train_char_lm.ts";
import { createEngine } from "../../../model/engine/create_engine.ts";
import { NotFiniteError } from "../../../model/training/not_finite_error.ts";
import type { TrainingState } from "../../../model/training/training_state.ts";
import { copyParameters } from "../../../model/weights/parameters.ts";

const SIZES = { characterWidth: 3, width: 4 };
const TEXT = Array.from({ length: 41 }, (_, i) => 1 + (i * i) % 5);
const TRAIN = charBlocks(TEXT, { nStreams: 2, length: 7 });
const HELD_OUT = charBlocks(TEXT.slice(5, 20), { nStreams: 1, length: 7 });

/** Trains a new model; all states are kept as a file would keep them. */
async function trainTiny(resume: TrainingState | null, signal?: AbortSignal) {
  const states: TrainingState[] = [];
  const save = async (state: () => Promise<TrainingState>) => {
    const { tensors, values } = await state();
    states.push({ tensors: copyParameters(tensors), values: JSON.parse(JSON.stringify(values)) });
  };
  const parameters = initialCharLm(6, SIZES, createRandom(1));
  const lm = createCharLm(await createEngine("onnx"), 6, SIZES);
  const options = { epochs: 4, learningRate: 30, random: createRandom(2), checkpoint: { resume, save } };
  const course = await trainCharLm(
    lm,
    parameters,
    TRAIN,
    HELD_OUT,
    signal ? { ...options, signal } : options,
  );
  lm.dispose();
  return { course, parameters, states };
}

Deno.test("trainCharLm() goes on from any step to the same bits, with dropout and the states between stretches", async () => {
  const whole = await trainTiny(null);
  assertEquals([TRAIN.length, whole.course.losses.length, whole.course.heldOutLosses.length], [3, 4, 4]);
  assertEquals(whole.states.length, 4 * 3);
  for (const state of whole.states) {
    const { course, parameters } = await trainTiny(state);
    assertEquals([course, parameters], [whole.course, whole.parameters]);
  }
});

Deno.test("trainCharLm() takes no step when the signal came before", async () => {
  const { course, parameters, states } = await trainTiny(null, AbortSignal.abort());
  assertEquals(course, { losses: [], heldOutLosses: [], stopped: true });
  assertEquals(parameters, initialCharLm(6, SIZES, createRandom(1)));
  assertEquals(states.length, 1);
});

Deno.test("trainCharLm() says at which stretch a network's numbers overflow", async () => {
  const parameters = initialCharLm(6, SIZES, createRandom(1));
  for (const name of ["embedding.weight", "lstm.weight_ih_l0"]) parameters[name]!.data.fill(3e38);
  const lm = createCharLm(await createEngine("onnx"), 6, SIZES);
  const error = await assertRejects(
    () => trainCharLm(lm, parameters, TRAIN, [], { random: createRandom(2) }),
    NotFiniteError,
    "Cannot go on training at epoch 1, batch 1: ",
  );
  assertEquals(error.members, [0]);
  lm.dispose();
});
