/** Words as the states of a BERT encoder that is not trained any more. */
import { packBatch } from "../../data/batches/batch.ts";
import type { BertConfig } from "../bert/bert_config.ts";
import { EMBEDDING_TABLES } from "../bert/embeddings.ts";
import { createPieceEmbedder } from "../bert/piece_embedder.ts";
import {
  encodeWords,
  wordEncoderArrays,
  wordEncoderAxes,
  type WordEncoderInputs,
} from "../bert/word_encoder.ts";
import type { Engine } from "../engine/engine.ts";
import type { Parameters } from "../weights/parameters.ts";
import type { WordFeatures } from "./word_features.ts";

/**
 * Creates them: the state of each word's first piece, of the encoder's last layer, without dropout.
 *
 * @param parameters The encoder's, under Hugging Face's names.
 */
export function createEncoderFeatures(
  engine: Engine,
  config: BertConfig,
  parameters: Parameters,
): WordFeatures {
  const inGraph = Object.keys(parameters).filter((name) => !EMBEDDING_TABLES.includes(name));
  const embedder = createPieceEmbedder(engine, config.hiddenWidth);
  const states = engine.compile(
    "encoder features",
    (x: WordEncoderInputs) => ({ h: encodeWords(config, x, x) }),
    wordEncoderAxes(config),
  );
  return {
    width: config.hiddenWidth,
    async of(sentences) {
      const batch = packBatch(sentences, config.nHeads);
      return (await states.run(await wordEncoderArrays(embedder, parameters, inGraph, batch))).h;
    },
    dispose() {
      states.dispose();
      embedder.dispose();
    },
  };
}
