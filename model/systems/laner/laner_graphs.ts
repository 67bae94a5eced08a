/**
 * LANER's graphs: what the engine runs of a training step and of prediction. The label encoder is not among them, as
 * its states are computed before (label_states.ts).
 */
import { PADDING_AXES } from "../../../data/batches/batch.ts";
import { HISTORY_AXES } from "../../../data/tags/history_layout.ts";
import type { BertConfig } from "../../bert/bert_config.ts";
import { encodeWords, wordEncoderAxes, type WordEncoderInputs } from "../../bert/word_encoder.ts";
import type { Axes, Compiled, Engine } from "../../engine/engine.ts";
import type { Tensor, Tensors } from "../../engine/tf.ts";
import { createGradientGraph, type GradientGraph } from "../../nn/gradient_graph.ts";
import { crossEntropy } from "../../nn/ops.ts";
import { R_DROP_AXES, rDropLoss } from "../../nn/r_drop.ts";
import type { HistoryLayout, WordPadding } from "./biattention.ts";
import { type LabelStates, type Parts, predict } from "./predictor.ts";

/** The inputs of the predictor by name, besides parameters. */
type PredictorInputs = Tensors & WordPadding & HistoryLayout & LabelStates;

/** The model and engine that the graphs are made for. */
export interface GraphOptions {
  engine: Engine;
  config: BertConfig;
  parts: Parts;
  labelWidth: number;
  nTags: number;
  /** Names of the parameters that a step gives gradients of. */
  parameterNames: readonly string[];
  /** Axes of the dropout masks. */
  dropoutAxes: Axes;
}

/** Compiled graphs. */
export interface LanerGraphs {
  /** Loss and gradients, by parameters and by those of `embedded`, `lastStates` and `history` that are read. */
  step: GradientGraph<string>;
  /** The same of two passes (see model/nn/r_drop.ts). */
  rDropStep: GradientGraph<string>;
  /** Word states `h` of a batch. */
  encoder: Compiled<"h">;
  /** The `logits` of words from their states and histories. */
  predictor: Compiled<"logits">;
}

/** Compiles LANER's graphs. */
export function compileLaner(options: GraphOptions): LanerGraphs {
  const { engine, config, parts, labelWidth: D, nTags: K, parameterNames, dropoutAxes } = options;
  const H = config.hiddenWidth;
  const encoderAxes = wordEncoderAxes(config);
  const predictorAxes: Axes = {
    ...PADDING_AXES,
    ...HISTORY_AXES,
    h: ["W", H],
    words: ["V", H],
    lastStates: ["W", 2 * D],
    history: ["R", 2 * D],
  };
  // In training every word is asked for, so that words and queries are the same.
  const stepAxes: Axes = {
    ...encoderAxes,
    ...predictorAxes,
    ...R_DROP_AXES,
    targets: ["W", K],
    wordsFromPadded: ["W"],
  };
  const states = [
    ...(parts.labelBackground ? ["lastStates"] : []),
    ...(parts.labelContext ? ["history"] : []),
  ];
  /** Compiles a training step with a loss of the scores of tags. */
  const stepWith = (label: string, loss: (logits: Tensor, x: Tensors) => Tensor) =>
    createGradientGraph({
      engine,
      label,
      loss(p, x: WordEncoderInputs & PredictorInputs, masks) {
        const h = encodeWords(config, p, x, masks);
        return loss(predict(parts, p, h, p, x).logits, x);
      },
      parameterNames,
      inputNames: ["embedded", ...states],
      axes: stepAxes,
      dropoutAxes,
      holds: true,
    });
  return {
    step: stepWith("training step", (logits, x) => crossEntropy(logits, x.targets!, x.perWord!)),
    rDropStep: stepWith("training step with R-Drop", rDropLoss),
    encoder: engine.compile(
      "encoder",
      (x: WordEncoderInputs) => ({ h: encodeWords(config, x, x) }),
      encoderAxes,
    ),
    predictor: engine.compile(
      "predictor",
      (x: PredictorInputs) => ({ logits: predict(parts, x, x.h!, x, x, x.words).logits }),
      predictorAxes,
    ),
  };
}
