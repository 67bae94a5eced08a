/** What a training step is spent on: kernels by part of the network and by operator, and what is no kernel. */
import { closedObject, listOf } from "../../data/schema/file_shapes.ts";
import { anyText, choice, finite, type Shape } from "../../data/schema/shapes.ts";
import type { BertConfig } from "../../model/bert/bert_config.ts";
import type { GraphRun, Kernel } from "./kernel_events.ts";
import { GRAPH_PARTS, partOf } from "./kernel_parts.ts";
import { isOfLabelEncoder, type PartTimes, wholeStep } from "./timed_steps.ts";

/** A share of a step. */
export interface StepShare {
  name: string;
  /** The part of the step that it is a share of; null for an operator, which several have. */
  of: keyof PartTimes | null;
  /** Mean milliseconds in a step. */
  milliseconds: number;
  /** Mean number of kernels in a step; 0 of what is no kernel. */
  kernels: number;
}

/**
 * The shares of a step. To profile takes time itself, most where kernels are small, so that a step is longer than one
 * that is only timed: see `scaleParts`.
 */
export interface StepProfile {
  /** Steps that were profiled. */
  steps: number;
  /** Mean milliseconds of a step. */
  milliseconds: number;
  /** By part, which add up to the step. */
  parts: StepShare[];
  /** Kernels by operator, the longest first. */
  ops: StepShare[];
}

const SHARE: Shape<StepShare> = closedObject({
  name: anyText(),
  of: choice("graph", "labelEncoder", "optimiser", "host").nullable(),
  milliseconds: finite(),
  kernels: finite(),
});

/** The shape of a profile's JSON. */
export const STEP_PROFILE: Shape<StepProfile> = closedObject({
  steps: finite(),
  milliseconds: finite(),
  parts: listOf(SHARE),
  ops: listOf(SHARE),
});

/**
 * Adds up what steps were spent on.
 *
 * @param measured `runs`: the graphs' runs by label; `step`: the mean times of the same steps by part.
 */
export function summariseProfile(
  { runs, config, nSteps, step }: {
    runs: Readonly<Record<string, GraphRun[]>>;
    config: BertConfig;
    nSteps: number;
    step: PartTimes;
  },
): StepProfile {
  const all = Object.entries(runs);
  const kernelsOf = (isLabels: boolean) =>
    all.filter(([label]) => isOfLabelEncoder(label) === isLabels)
      .flatMap(([, own]) => own.flatMap(({ kernels }) => kernels));
  const ofGraph = kernelsOf(false);
  const ofLabels = kernelsOf(true);
  const share = (name: string, of: StepShare["of"], kernels: readonly Kernel[]): StepShare => ({
    name,
    of,
    milliseconds: kernels.reduce((sum, { milliseconds }) => sum + milliseconds, 0) / nSteps,
    kernels: kernels.length / nSteps,
  });
  const rest = (name: string, of: keyof PartTimes, milliseconds: number): StepShare => ({
    name,
    of,
    milliseconds,
    kernels: 0,
  });
  const byPart = Map.groupBy(ofGraph, (kernel) => partOf(kernel, config));
  const graphParts = GRAPH_PARTS.map((part) => share(part, "graph", byPart.get(part) ?? []));
  const labels = share("label encoder: kernels", "labelEncoder", ofLabels);
  const inGraph = graphParts.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
  const byOp = Map.groupBy([...ofGraph, ...ofLabels], ({ op }) => op);
  return {
    steps: nSteps,
    milliseconds: wholeStep(step),
    parts: [
      ...graphParts,
      rest("between these kernels: calls, inputs, outputs", "graph", step.graph - inGraph),
      labels,
      rest("label encoder: between kernels", "labelEncoder", step.labelEncoder - labels.milliseconds),
      rest("optimiser", "optimiser", step.optimiser),
      rest("host: batches, dropout masks, label strings", "host", step.host),
    ],
    ops: [...byOp].map(([op, kernels]) => share(op, null, kernels))
      .sort((a, b) => b.milliseconds - a.milliseconds),
  };
}

/**
 * Scales shares to the times of steps that were not profiled: each part of the step keeps its shares.
 *
 * @param parts The parts of a profile.
 * @param times The times of a step by part.
 */
export function scaleParts(parts: readonly StepShare[], times: PartTimes): StepShare[] {
  const whole = (of: StepShare["of"]) =>
    parts.reduce((sum, part) => sum + (part.of === of ? part.milliseconds : 0), 0);
  return parts.map((part) => ({
    ...part,
    milliseconds: part.milliseconds === 0 || part.of === null
      ? 0
      : part.milliseconds * times[part.of] / whole(part.of),
  }));
}
