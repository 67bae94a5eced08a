/** A stage that analyses the label embeddings of a trained model. */
import { encodeCorpus } from "../../data/pieces/encode_corpus.ts";
import { tagsToSpans } from "../../data/tags/tag_scheme.ts";
import type { Sentence } from "../../data/text/conll.ts";
import { analyseLabels } from "../../model/analysis/label_analysis.ts";
import { loadBertModel } from "../../model/model_folder.ts";
import type { DataSet } from "../data_sets/data_sets.ts";
import { createStage, type Stage } from "./stage.ts";
import { codeOfStage } from "./stage_code.ts";
import { locationOptions, writeFiles } from "./stage_context.ts";
import type { TrainingRequest } from "./training_stages.ts";

/**
 * Describes label embeddings before and after the transfer, and attention on the tags of a test sentence.
 *
 * Writes `labels.json`. The sentence is the most instructive one that fits in the encoder; none if no sentence fits.
 *
 * @param pretrained The source's model; null without one.
 * @param finetuned The target's model.
 */
export function labelStage(
  { engine, run: { system }, name }: TrainingRequest,
  pretrained: Stage | null,
  finetuned: Stage,
  target: DataSet,
): Promise<Stage> {
  return createStage({
    stage: "labels",
    label: `label embeddings of ${target.name}: ${name}`,
    needs: { ...(pretrained ? { source: pretrained } : {}), target: finetuned },
    inputs: { sentences: target.fingerprint },
    config: { shortest: SHORTEST, longest: LONGEST },
    engine,
    code: codeOfStage(import.meta.url, { system }),
    async work(dir, folders, context) {
      const model = await loadBertModel(folders.target!, locationOptions());
      const { tokenizer, maxPieces } = model;
      const isUsable = ({ words }: Sentence) =>
        encodeCorpus([words], tokenizer, maxPieces).parts.length === 1;
      const analysis = await analyseLabels({
        engine: context.engine,
        source: folders.source ? await loadBertModel(folders.source, locationOptions()) : null,
        target: model,
        tokenizer,
        words: byInstruction(target.splits.test).find(isUsable)?.words ?? null,
      });
      await writeFiles(context, dir, { "labels.json": JSON.stringify(analysis, null, 2) + "\n" });
    },
  });
}

/** Numbers of words of a sentence that is instructive and still legible in a figure. */
const SHORTEST = 8;
const LONGEST = 20;

/**
 * Sorts sentences, the most instructive first: those of 8 to 20 words by their number of entities, then the others by
 * how close they are to that length.
 */
export function byInstruction(sentences: readonly Sentence[]): Sentence[] {
  const ranked = sentences.map((sentence) => {
    const { words: { length }, tags } = sentence;
    const distance = Math.max(SHORTEST - length, length - LONGEST, 0);
    return { sentence, distance, nEntities: tagsToSpans(tags).length };
  });
  // The sort is stable, so equal sentences stay in the order of the file.
  ranked.sort((a, b) => a.distance - b.distance || b.nEntities - a.nEntities);
  return ranked.map(({ sentence }) => sentence);
}
