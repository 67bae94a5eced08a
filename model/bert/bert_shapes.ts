import type { BertConfig } from "./bert_config.ts";

/** A tensor's name and the length of each of its axes. */
export type Shapes = Record<string, number[]>;

function linear(name: string, nIn: number, nOut: number): Shapes {
  // As in PyTorch, a row of the weight makes one output.
  return { [`${name}.weight`]: [nOut, nIn], [`${name}.bias`]: [nOut] };
}

function layerNorm(name: string, width: number): Shapes {
  return { [`${name}.weight`]: [width], [`${name}.bias`]: [width] };
}

/**
 * Lists the tensors of a BERT encoder, by their Hugging Face names without the `bert.` prefix.
 *
 * The pooler is not among them: word states do not pass it.
 *
 * @returns Shape by name, embeddings first, then layer by layer.
 */
export function encoderShapes(config: BertConfig): Shapes {
  const { hiddenWidth: width, feedForwardWidth } = config;
  const shapes: Shapes = {
    "embeddings.word_embeddings.weight": [config.vocabularySize, width],
    "embeddings.position_embeddings.weight": [config.maxPositions, width],
    "embeddings.token_type_embeddings.weight": [config.nTokenTypes, width],
    ...layerNorm("embeddings.LayerNorm", width),
  };
  for (let index = 0; index < config.nLayers; index++) {
    const layer = `encoder.layer.${index}`;
    Object.assign(
      shapes,
      linear(`${layer}.attention.self.query`, width, width),
      linear(`${layer}.attention.self.key`, width, width),
      linear(`${layer}.attention.self.value`, width, width),
      linear(`${layer}.attention.output.dense`, width, width),
      layerNorm(`${layer}.attention.output.LayerNorm`, width),
      linear(`${layer}.intermediate.dense`, width, feedForwardWidth),
      linear(`${layer}.output.dense`, feedForwardWidth, width),
      layerNorm(`${layer}.output.LayerNorm`, width),
    );
  }
  return shapes;
}

/**
 * Lists the tensors of BERT's masked language model head, by their Hugging Face names.
 *
 * Its last linear map shares the weight of the piece embeddings; only the bias is its own.
 *
 * @returns Shape by name.
 */
export function mlmHeadShapes(config: BertConfig): Shapes {
  return {
    "cls.predictions.bias": [config.vocabularySize],
    ...linear("cls.predictions.transform.dense", config.hiddenWidth, config.hiddenWidth),
    ...layerNorm("cls.predictions.transform.LayerNorm", config.hiddenWidth),
  };
}
