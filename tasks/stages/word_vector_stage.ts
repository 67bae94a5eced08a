/** A stage that trains word vectors on texts, where those of others cannot be had. */
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

/** What the vectors are, wherever they are named: in the stage's label and record, and in `vectors.json`. */
export const STAND_IN = { standInFor: "GloVe", method: "skip-gram" } as const;

/** What `vectors.json` holds. */
export interface WordVectorRecord extends WordVectorSettings {
  standInFor: string;
  method: string;
  /** Words that have a vector, and words of the texts, each as often as it occurs. */
  nWords: number;
  nTokens: number;
  /** Mean loss of each epoch. */
  losses: number[];
}

/**
 * Word vectors trained on texts by skip-gram, a stand-in for GloVe: `vectors.txt` in word2vec's form and
 * `vectors.json`, a {@link WordVectorRecord}.
 *
 * @param engine The run's engine; the training needs none.
 * @param texts The texts by name, one sentence a line, words parted by white space.
 * @param settings How to train.
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
