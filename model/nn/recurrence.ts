/**
 * Recurrent networks over sequences of different lengths. A recorded graph cannot loop, so that one step is compiled
 * and the loop over time runs here, on the sequences that have not ended; what needs no loop is one call for all steps.
 */
import { lastRows, rowBefore, type TimeSteps, timeSteps } from "../../data/batches/time_steps.ts";
import { type Buffers, createBuffers, rows } from "../engine/buffers.ts";
import type { Axes, Engine } from "../engine/engine.ts";
import { type NdArray, putRows, takeInto } from "../engine/nd_array.ts";
import type { Tensors } from "../engine/tf.ts";
import { checkFinite } from "../weights/finite.ts";
import type { Parameters } from "../weights/parameters.ts";
import { vectorJacobian, withD } from "./graph_block.ts";
import { oneAtATime } from "./one_at_a_time.ts";
import { BACKWARD, type Cell, FORWARD, type Reading } from "./recurrent_cell.ts";

/** The results of a pass, by name with the reading's suffix; the arrays are overwritten by the next pass. */
export interface Passed {
  /** States after each element, and outputs: float32 [elements, width], in the order of the sequences' elements. */
  elements: Record<string, NdArray>;
  /** States after each sequence's last step, those of empty ones as they began: float32 [sequences, width]. */
  last: Record<string, NdArray>;
}

/** Gradients by what a pass gave, of which any may be left out; and, the way back, by what it was given. */
export interface PassGradients {
  parameters: Parameters;
  /** float32 [elements, width]. */
  inputs: Record<string, NdArray>;
  /** By the states before the first step: float32 [sequences, width]. */
  initial: Record<string, NdArray>;
}

/** Runs a cell over sequences. */
export interface Recurrence {
  /**
   * Reads sequences.
   *
   * @param parameters The cell's, by name with the reading's suffix; others are ignored.
   * @param inputs float32 [elements, width] by name with suffix, one sequence after another; they must not change
   * before `backward`.
   * @param lengths Length of each sequence.
   * @param initial States before the first step, float32 [sequences, width] by name with suffix; zero unless given.
   */
  forward(
    parameters: Parameters,
    inputs: Record<string, NdArray>,
    lengths: readonly number[],
    initial?: Record<string, NdArray>,
  ): Promise<Passed>;
  /** Computes the gradients of a loss from those by what the last `forward` gave. */
  backward(d: Partial<Passed>): Promise<PassGradients>;
  dispose(): void;
}

/**
 * Compiles a cell. Readings are run side by side, each with parameters of its own.
 *
 * The gradients of parameters and inputs are one call over all elements: with the states before and the gradients of
 * the states after each step at hand, steps are rows like any others. So a step of the backward pass computes no more
 * than the gradients of the states before it, at the price of computing the cell forward once more.
 *
 * @param label Names it in errors.
 */
export function createRecurrence(
  engine: Engine,
  label: string,
  cell: Cell,
  readings: readonly Reading[] = [FORWARD, BACKWARD],
): Recurrence {
  const states = Object.entries(cell.states);
  const outputs = Object.entries(cell.outputs ?? {});
  const given = [...Object.entries(cell.inputs), ...states];
  const made = [...states, ...outputs];
  const axes: Axes = Object.fromEntries(
    readings.flatMap(({ suffix }) => [
      ...given.map(([name, width]) => [name + suffix, ["n", width]]),
      ...made.map(([name, width]) => [`d.${name}${suffix}`, ["n", width]]),
    ]),
  );
  const namesOf = (names: readonly string[]) =>
    readings.flatMap(({ suffix }) => names.map((name) => name + suffix));
  const stateNames = states.map(([name]) => name);
  const madeNames = namesOf(made.map(([name]) => name));
  const byAll = namesOf([...cell.parameters, ...Object.keys(cell.inputs)]);
  const step = (x: Tensors): Tensors =>
    Object.assign(
      {},
      ...readings.map(({ suffix }) => withSuffix(cell.step(withoutSuffix(x, suffix)), suffix)),
    );
  const gradient = (by: readonly string[]) => (x: Tensors) => vectorJacobian(step, x, by, madeNames);
  const graphs = {
    step: engine.compile(`${label}: step`, step, axes),
    stateGradients: engine.compile(
      `${label}: gradients by the states before`,
      gradient(namesOf(stateNames)),
      axes,
    ),
    otherGradients: engine.compile(`${label}: gradients by parameters and inputs`, gradient(byAll), axes),
  };
  const buffer = createBuffers();
  const after = createBuffers();
  const before = createBuffers();
  const rest = createBuffers();
  let pass: { parameters: Parameters; lanes: Lane[] } | null = null;

  /** A reading with its layout and its arrays: inputs, outputs by row; states with the initial ones before them. */
  interface Lane extends Reading {
    layout: TimeSteps;
    arrays: Record<string, Float32Array>;
  }

  return oneAtATime<Recurrence>({
    async forward(allParameters, inputs, lengths, initial = {}) {
      const parameters = Object.fromEntries(
        namesOf(cell.parameters).map((name) => [name, allParameters[name]!]),
      );
      const lanes = readings.map((reading): Lane => {
        const { suffix } = reading;
        const layout = timeSteps(lengths, reading.reversed);
        const { nElements, nSequences, order, elements } = layout;
        const arrays: Lane["arrays"] = {};
        for (const [name, width] of Object.entries(cell.inputs)) {
          checkFinite(inputs[name + suffix]!, `${name} of ${label}`);
          arrays[name] = buffer(name + suffix, nElements * width);
          takeInto(arrays[name], inputs[name + suffix]!.data, elements, width);
        }
        for (const [name, width] of states) {
          arrays[name] = buffer(name + suffix, (nSequences + nElements) * width);
          const first = initial[name + suffix];
          if (first) takeInto(arrays[name], first.data, order, width);
          else arrays[name].fill(0, 0, nSequences * width);
        }
        for (const [name, width] of outputs) arrays[name] = buffer(name + suffix, nElements * width);
        return { ...reading, layout, arrays };
      });
      pass = { parameters, lanes };
      for (const t of lanes[0]!.layout.steps.keys()) {
        const arrays: Record<string, NdArray> = { ...parameters };
        for (const lane of lanes) {
          const { start, size } = lane.layout.steps[t]!;
          const before = rowBefore(lane.layout, t);
          for (const [name, width] of Object.entries(cell.inputs)) {
            arrays[name + lane.suffix] = rows(lane.arrays[name]!, start, size, width);
          }
          for (const [name, width] of states) {
            arrays[name + lane.suffix] = rows(lane.arrays[name]!, before, size, width);
          }
        }
        const made = await graphs.step.run(arrays, after);
        for (const { suffix, layout, arrays } of lanes) {
          const { start } = layout.steps[t]!;
          for (const [name, width] of states) {
            arrays[name]!.set(made[name + suffix]!.data, (layout.nSequences + start) * width);
          }
          for (const [name, width] of outputs) arrays[name]!.set(made[name + suffix]!.data, start * width);
        }
      }
      return passedBy(lanes, buffer);
    },

    async backward(d) {
      if (!pass) throw new Error(`Cannot go back through "${label}": there was no pass`);
      const { parameters, lanes } = pass;
      const ds = lanes.map((lane) => gradientRows(lane, d));
      for (const t of [...lanes[0]!.layout.steps.keys()].reverse()) {
        const arrays: Record<string, NdArray> = { ...parameters };
        lanes.forEach((lane, i) => {
          const { start, size } = lane.layout.steps[t]!;
          const before = rowBefore(lane.layout, t);
          for (const [name, width] of Object.entries(cell.inputs)) {
            arrays[name + lane.suffix] = rows(lane.arrays[name]!, start, size, width);
          }
          for (const [name, width] of states) {
            arrays[name + lane.suffix] = rows(lane.arrays[name]!, before, size, width);
            const after = lane.layout.nSequences + start;
            arrays[`d.${name}${lane.suffix}`] = rows(ds[i]![name]!, after, size, width);
          }
          for (const [name, width] of outputs) {
            arrays[`d.${name}${lane.suffix}`] = rows(ds[i]![name]!, start, size, width);
          }
        });
        const gradients = await graphs.stateGradients.run(arrays, before);
        lanes.forEach(({ suffix, layout }, i) => {
          for (const [name, width] of states) {
            const to = rowBefore(layout, t) * width;
            const { data } = gradients[name + suffix]!;
            for (let j = 0; j < data.length; j++) ds[i]![name]![to + j]! += data[j]!;
          }
        });
      }
      return await gradientsByRest(parameters, lanes, ds);
    },

    dispose() {
      for (const graph of Object.values(graphs)) graph.dispose();
      pass = null;
    },
  }, ["forward", "backward"]);

  /** Collects the results of a pass, in the order of elements and sequences. */
  function passedBy(lanes: readonly Lane[], buffer: Buffers): Passed {
    const passed: Passed = { elements: {}, last: {} };
    for (const { suffix, layout, arrays } of lanes) {
      const { nElements, nSequences, order, elements } = layout;
      for (const [name, width] of made) {
        const from = Object.hasOwn(cell.states, name) ? nSequences : 0;
        const data = buffer(`elements ${name}${suffix}`, nElements * width);
        putRows(
          data,
          { shape: [elements.length, width], data: arrays[name]!.subarray(from * width) },
          elements,
        );
        passed.elements[name + suffix] = { shape: [nElements, width], data };
      }
      for (const [name, width] of states) {
        const data = buffer(`last ${name}${suffix}`, nSequences * width);
        lastRows(layout).forEach((row, rank) => {
          data.set(arrays[name]!.subarray(row * width, (row + 1) * width), order[rank]! * width);
        });
        passed.last[name + suffix] = { shape: [nSequences, width], data };
      }
    }
    return passed;
  }

  /** Lays out the gradients that are given, by row; of states with rows for the initial ones. */
  function gradientRows({ suffix, layout }: Lane, { elements = {}, last = {} }: Partial<Passed>) {
    const ds: Record<string, Float32Array> = {};
    const { nElements, nSequences, order } = layout;
    for (const [name, width] of made) {
      const from = Object.hasOwn(cell.states, name) ? nSequences : 0;
      const data = ds[name] = buffer(`d ${name}${suffix}`, (from + nElements) * width).fill(0);
      const given = elements[name + suffix]?.data;
      const end = last[name + suffix]?.data;
      if (given) takeInto(data.subarray(from * width), given, layout.elements, width);
      if (!end) continue;
      lastRows(layout).forEach((row, rank) => {
        for (let j = 0; j < width; j++) data[row * width + j]! += end[order[rank]! * width + j]!;
      });
    }
    return ds;
  }

  /** Computes the gradients by parameters and inputs, all steps at once, and by the initial states. */
  async function gradientsByRest(
    parameters: Parameters,
    lanes: readonly Lane[],
    ds: readonly Record<string, Float32Array>[],
  ): Promise<PassGradients> {
    const all: Record<string, NdArray> = { ...parameters };
    const d: Record<string, NdArray> = {};
    const result: PassGradients = { parameters: {}, inputs: {}, initial: {} };
    lanes.forEach(({ suffix, layout, arrays }, i) => {
      const { nElements, nSequences, order, steps } = layout;
      for (const [name, width] of Object.entries(cell.inputs)) {
        all[name + suffix] = rows(arrays[name]!, 0, nElements, width);
      }
      for (const [name, width] of outputs) d[name + suffix] = rows(ds[i]![name]!, 0, nElements, width);
      for (const [name, width] of states) {
        const before = buffer(`before ${name}${suffix}`, nElements * width);
        steps.forEach(({ start, size }, t) => {
          before.set(rows(arrays[name]!, rowBefore(layout, t), size, width).data, start * width);
        });
        all[name + suffix] = { shape: [nElements, width], data: before };
        d[name + suffix] = rows(ds[i]![name]!, nSequences, nElements, width);
        const initial = buffer(`initial ${name}${suffix}`, nSequences * width);
        putRows(initial, { shape: [order.length, width], data: ds[i]![name]! }, order);
        result.initial[name + suffix] = { shape: [nSequences, width], data: initial };
      }
    });
    const gradients = await graphs.otherGradients.run({ ...all, ...withD(d) }, rest);
    for (const name of namesOf(cell.parameters)) result.parameters[name] = gradients[name]!;
    for (const { suffix, layout } of lanes) {
      for (const [name, width] of Object.entries(cell.inputs)) {
        const data = buffer(`d elements ${name}${suffix}`, layout.nElements * width);
        putRows(
          data,
          { shape: [layout.elements.length, width], data: gradients[name + suffix]!.data },
          layout.elements,
        );
        result.inputs[name + suffix] = { shape: [layout.nElements, width], data };
      }
    }
    return result;
  }
}

function withSuffix(tensors: Tensors, suffix: string): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name + suffix, tensor]));
}

/** Returns the tensors of a reading by their bare names; those of other readings have names that no cell reads. */
function withoutSuffix(tensors: Tensors, suffix: string): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).filter(([name]) => name.endsWith(suffix))
      .map(([name, tensor]) => [name.slice(0, name.length - suffix.length), tensor]),
  );
}
