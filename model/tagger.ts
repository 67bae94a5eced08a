/** A trained model ready to tag: words in, entities out. */
import type { OpenFolderOptions } from "../data/open_folder.ts";
import { encodeCorpus, joinParts, type WordEncoder } from "../data/pieces/encode_corpus.ts";
import { scoreSpans, type SpanScores } from "../data/scores/scores.ts";
import { type Span, tagsToSpans } from "../data/tags/tag_scheme.ts";
import type { TagSet } from "../data/tags/tag_set.ts";
import { entitiesOf, type Entity, splitText } from "../data/text/entities.ts";
import type { SplitOptions } from "../data/text/text_words.ts";
import { createEngine } from "./engine/create_engine.ts";
import type { Engine, EngineName } from "./engine/engine.ts";
import { loadModelFolder } from "./model_folder.ts";
import type { Model } from "./systems/definition.ts";
import { createFrozenSystem } from "./systems/frozen_system.ts";
import type { System } from "./training/system.ts";

/** Tags and entities of a sentence. */
export interface TaggedWords {
  words: string[];
  tags: string[];
  /** Half-open ranges of words. */
  spans: Span[];
}

/** Options of `evaluate`. */
export interface EvaluateOptions {
  /** Stops the prediction, which then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Likely tags of each sentence; they may save time, and change no prediction. */
  guesses?: readonly (readonly string[])[] | undefined;
}

/** The predicted tags of sentences, and their scores. */
export interface Evaluation {
  scores: SpanScores;
  predicted: string[][];
}

/**
 * A trained model that tags words and texts.
 *
 * Calls may overlap, as those of a server's requests do: each waits for the one before it, and returns the same result
 * as it would alone.
 */
export interface Tagger {
  readonly system: string;
  readonly tags: TagSet;
  /**
   * Tags sentences of words; sentences too long for the encoder are split and put together again.
   *
   * @param onProgress Receives the share that is done, from 0 to 1.
   * @param guesses Likely tags of each sentence; they may save time, and change no prediction.
   */
  predict(
    sentences: readonly (readonly string[])[],
    onProgress?: (share: number) => void,
    guesses?: readonly (readonly string[])[],
  ): Promise<TaggedWords[]>;
  /**
   * Finds the entities of a text, which is first split by `splitSentences` and `splitWords`.
   *
   * @param options Those of `splitSentences`: `paragraphs` for a text whose lines are wrapped.
   */
  predictText(text: string, options?: SplitOptions): Promise<Entity[]>;
  /** Predicts the tags of sentences with known tags, and scores them as conlleval does. */
  evaluate(
    sentences: readonly { words: readonly string[]; tags: readonly string[] }[],
    options?: EvaluateOptions,
  ): Promise<Evaluation>;
  /** Frees the memory of the engine. */
  dispose(): void;
}

/** Options of `loadTagger`. */
export interface LoadTaggerOptions extends OpenFolderOptions {
  /** An engine or the name of one. Default: `auto`. */
  engine?: Engine | EngineName | "auto" | undefined;
  /**
   * `int8` to compute the linear layers of the model's encoder in whole numbers of 8 bits: faster, but some tags change,
   * and a sentence's may depend on those beside it. For the engines onnx and wasm. Default: none.
   */
  quantize?: "int8" | undefined;
}

/**
 * Loads a trained model.
 *
 * @param location Path or address of a model folder, as `deno task finetune` writes it.
 * @throws As `loadModelFolder` and `createEngine` do; if the model is to be quantised, and its system or the engine does
 * not allow it.
 */
export async function loadTagger(location: string | URL, options: LoadTaggerOptions = {}): Promise<Tagger> {
  const { engine = "auto", quantize, ...folder } = options;
  const model = await loadModelFolder(location, folder);
  const chosen = typeof engine === "string" ? await createEngine(engine, { gpu: false }) : engine;
  const system = createFrozenSystem(chosen, model, { quantize });
  return createTagger(system, model.tokenizer, model);
}

/** Makes a tagger from a system and its tokenizer. */
export function createTagger(
  system: System,
  tokenizer: WordEncoder,
  model: Pick<Model, "system" | "maxPieces">,
): Tagger {
  async function predict(
    sentences: readonly (readonly string[])[],
    onProgress?: (share: number) => void,
    guesses?: readonly (readonly string[])[],
  ): Promise<TaggedWords[]> {
    const corpus = encodeCorpus(sentences, tokenizer, model.maxPieces);
    const parts = corpus.parts.map((part, i) => {
      const { sentence, start, end } = corpus.places[i]!;
      const guess = guesses?.[sentence]?.slice(start, end).map((tag) => system.tags.idOf(tag));
      return { ...part, guess };
    });
    const { tagIds } = await system.predict(parts, (done) => onProgress?.(done / parts.length));
    return joinParts(corpus, tagIds, sentences.length).map((ids, i) => {
      const tags = ids.map((id) => system.tags.tagOf(id));
      return { words: [...sentences[i]!], tags, spans: tagsToSpans(tags, { scheme: system.tags.scheme }) };
    });
  }
  return {
    system: model.system,
    tags: system.tags,
    predict,
    async predictText(text, options) {
      const sentences = splitText(text, options);
      const tagged = await predict(sentences.map((words) => words.map((word) => word.text)));
      return tagged.flatMap(({ spans }, i) => entitiesOf(text, sentences[i]!, spans));
    },
    async evaluate(sentences, { signal, guesses } = {}) {
      const words = sentences.map(({ words }) => words);
      const tagged = await predict(words, () => signal?.throwIfAborted(), guesses);
      const predicted = tagged.map(({ tags }) => tags);
      const gold = sentences.map(({ tags }) => tags);
      return { scores: scoreSpans(gold, predicted, { scheme: system.tags.scheme }), predicted };
    },
    dispose: () => system.dispose(),
  };
}
