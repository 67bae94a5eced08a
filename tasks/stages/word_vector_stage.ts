/** A stage that trains word vectors on texts where no published ones are given. */
import { createRandom } from "../../data/random.ts";
import { wordAsRead } from "../../data/text/characters.ts";
import { formatWordVectors } from "../../data/words/word_vectors.ts";
import type { EngineName } from "../../model/engine/engine.ts";
import { trainSkipGram } from "../../model/words/skip_gram.ts";
import type { WordVectorSettings } from "../../model/settings/settings.ts";
import type { Text } from "../data_sets/training_text.ts";
import { createStage, type Stage } from "./stage.ts";
import { codeOfStage } from "./stage_code.ts";
import { writeFiles } from "./stage_context.ts";

/** The nature of the vectors, as the stage's label and record and `vectors.json` state it. */
export const STAND_IN = { standInFor: "GloVe", method: "skip-gram" } as const;

/** The contents of `vectors.json`. */
export interface WordVectorRecord extends WordVectorSettings {
  standInFor: string;
  method: string;
  /** Numbers of words with a vector, and of all words in the texts. */
  nWords: number;
  nTokens: number;
  /** Mean loss of each epoch. */
  losses: number[];
}

/**
 * Describes word vectors trained on texts by skip-gram, a stand-in for GloVe.
 *
 * Writes `vectors.txt` in word2vec's format and `vectors.json`, a {@link WordVectorRecord}.
 *
 * @param engine The run's engine; the training needs none.
 * @param texts The texts by name, one sentence a line, words separated by white space.
 * @param settings The settings of the training.
 */
export function wordVectorStage(
  engine: EngineName,
  texts: Readonly<Record<string, Text>>,
  settings: WordVectorSettings,
): Promise<Stage> {
  const { lowercase, seed, ...options } = settings;
  return createStage({
    stage: "word_vectors",
    label: `word vectors by ${STAND_IN.method}, a stand-in for ${STAND_IN.standInFor}`,
    needs: {},
    inputs: Object.fromEntries(Object.entries(texts).map(([name, { sha256 }]) => [name, sha256])),
    config: { ...STAND_IN, ...settings },
    engine,
    code: codeOfStage(import.meta.url, { engine: false }),
    async work(dir, _folders, context) {
      const sentences = Object.values(texts).flatMap(({ lines }) => lines)
        .map((line) => ((lowercase ? line.toLowerCase() : line).match(/\S+/g) ?? []).map(wordAsRead));
      const { vectors, losses } = await trainSkipGram(sentences, {
        ...options,
        random: createRandom(seed),
        stage: context.label,
        onProgress: context.report,
        signal: context.signal,
      });
      const record: WordVectorRecord = {
        ...STAND_IN,
        ...settings,
        nWords: vectors.words.length,
        nTokens: sentences.reduce((total, { length }) => total + length, 0),
        losses,
      };
      await writeFiles(context, dir, {
        "vectors.txt": [...formatWordVectors(vectors)].join(""),
        "vectors.json": JSON.stringify(record, null, 2) + "\n",
      });
    },
  });
}
