/** BARTNER's graphs: what the engine runs of a training step and of prediction. */
import type { BartConfig } from "../../bart/bart_config.ts";
import type { DecoderLayout } from "../../bart/bart_decoder.ts";
import { crossKeysAndValues, decodeTarget } from "../../bart/bart_decoder.ts";
import { encodeSource } from "../../bart/bart_encoder.ts";
import { decodeStep, layerNames, stepAxes, type StepInputs } from "../../bart/bart_step.ts";
import type { EncoderLayout } from "../../bert/encoder.ts";
import { type WordLayout, wordStates } from "../../bert/words.ts";
import type { Axes, Compiled, Engine } from "../../engine/engine.ts";
import { type Tensor, type Tensors, tf } from "../../engine/tf.ts";
import { createGradientGraph, type GradientGraph } from "../../nn/gradient_graph.ts";
import { crossEntropy } from "../../nn/ops.ts";
import { candidateAxes, sequenceAxes } from "./bartner_batch.ts";
import {
  type CandidateLayout,
  candidateVectors,
  scoreCandidates,
  type TargetLayout,
} from "./bartner_head.ts";

/** The model and engine that the graphs are made for. */
export interface BartnerGraphOptions {
  engine: Engine;
  config: BartConfig;
  /** Names of the parameters that a step gives gradients of. */
  parameterNames: readonly string[];
  /** Axes of the dropout masks. */
  dropoutAxes: Axes;
}

/** Compiled graphs. */
export interface BartnerGraphs {
  /** Loss and gradients, by parameters and by what is embedded. */
  step: GradientGraph<"embeddedSource" | "embeddedTarget" | "embeddedCandidates">;
  /** Of a batch of sources, all that decoding reads: `candidates`, and `source.keys` and `source.values` by layer. */
  encoder: Compiled;
  /** `scores` of candidates at the next place, and its `keys` and `values` by layer (`decodeStep`). */
  next: Compiled;
}

type EncoderInputs = Tensors & EncoderLayout & WordLayout & CandidateLayout;
type LossInputs = EncoderInputs & DecoderLayout & TargetLayout;
type NextInputs = Tensors & StepInputs & {
  candidates: Tensor;
  paddedFromCandidates: Tensor;
  candidateBias: Tensor;
};

/** Compiles BARTNER's graphs. */
export function compileBartner(
  { engine, config, parameterNames, dropoutAxes }: BartnerGraphOptions,
): BartnerGraphs {
  const H = config.hiddenWidth;
  const axes = sequenceAxes(config);

  const encode = (p: Tensors, x: EncoderInputs, masks?: Tensors) => {
    const states = encodeSource(config, p, p.embeddedSource!, x, masks);
    return {
      states,
      candidates: candidateVectors(p, wordStates(states, x), p.embeddedCandidates!, x, masks),
    };
  };
  const loss = (p: Tensors, x: LossInputs, masks?: Tensors) => {
    const { states, candidates } = encode(p, x, masks);
    const hidden = decodeTarget(config, p, p.embeddedTarget!, states, x, masks);
    return crossEntropy(scoreCandidates(hidden, candidates, x, masks), x.targets!, x.perTarget!);
  };

  return {
    step: createGradientGraph({
      engine,
      label: "BARTNER step",
      loss,
      parameterNames,
      inputNames: ["embeddedSource", "embeddedTarget", "embeddedCandidates"],
      axes,
      dropoutAxes,
    }),
    encoder: engine.compile<EncoderInputs>("BARTNER encoder", (x) => {
      const { states, candidates } = encode(x, x);
      const source = crossKeysAndValues(config, x, states);
      const keys = layerNames(config, "source.keys").map((name, layer) => [name, source[layer]!.keys]);
      const values = layerNames(config, "source.values").map((name, layer) => [name, source[layer]!.values]);
      return { candidates, ...Object.fromEntries([...keys, ...values]) };
    }, axes),
    next: engine.compile<NextInputs>("BARTNER decoder", (x) => {
      const { hidden, ...kept } = decodeStep(config, x, x);
      const keys = tf.gather(x.candidates, x.paddedFromCandidates as tf.Tensor2D); // [B, C, H]
      return { scores: tf.add(tf.matMul(hidden!, keys, false, true), x.candidateBias), ...kept }; // [B, K, C]
    }, { ...candidateAxes(config), ...stepAxes(config), candidates: ["V", H] }),
  };
}
