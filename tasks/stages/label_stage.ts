/** A stage that looks into the label embeddings of a trained model. */
import { tagsToSpans } from "../../data/tags/tag_scheme.ts";
import type { Sentence } from "../../data/text/conll.ts";
import { analyseLabels } from "../../model/laner/label_analysis.ts";
import { loadBertModel } from "../../model/model_folder.ts";
import type { DataSet } from "../data/data_sets.ts";
import { createStage, type Stage } from "./stage.ts";
import { codeOfStage } from "./stage_code.ts";
import { locationOptions, writeFiles } from "./stage_context.ts";
import type { TrainingRequest } from "./training_stages.ts";

/**
 * Label embeddings before and after the transfer, and attention on the tags of a test sentence: `labels.json`.
 *
 * @param pretrained The source's model; null without one.
 * @param finetuned The target's model.
 */
export function labelStage(
  { engine, system, name }: TrainingRequest,
  pretrained: Stage | null,
  finetuned: Stage,
  target: DataSet,
): Promise<Stage> {
  const { words } = instructiveSentence(target.splits.test);
  return createStage({
    stage: "labels",
    label: `label embeddings of ${target.name}: ${name}`,
    needs: { ...(pretrained ? { source: pretrained } : {}), target: finetuned },
    config: { words },
    engine,
    code: codeOfStage(import.meta.url, { system }),
    async work(dir, folders, context) {
      const model = await loadBertModel(folders.target, locationOptions());
      const analysis = await analyseLabels({
        engine: context.engine,
        source: folders.source ? await loadBertModel(folders.source, locationOptions()) : null,
        target: model,
        tokenizer: model.tokenizer,
        words,
      });
      await writeFiles(context, dir, { "labels.json": JSON.stringify(analysis, null, 2) + "\n" });
    },
  });
}

/** The first sentence with the most entities among those of 8 to 20 words; the first of all where there is none. */
export function instructiveSentence(sentences: readonly Sentence[]): Sentence {
  let best = sentences[0], most = -1;
  for (const sentence of sentences) {
    if (sentence.words.length < 8 || sentence.words.length > 20) continue;
    const n = tagsToSpans(sentence.tags).length;
    if (n > most) [best, most] = [sentence, n];
  }
  return best;
}
