/** Stages that train character language models on texts, one for each direction. */
import { charBlocks, charsOfLines } from "../../data/batches/char_blocks.ts";
import { createRandom } from "../../data/random.ts";
import { createVocabulary } from "../../data/words/word_vocabulary.ts";
import { createCharLm, initialCharLm } from "../../model/char_lm/char_lm.ts";
import { charLmLoss, trainCharLm } from "../../model/char_lm/train_char_lm.ts";
import type { EngineName } from "../../model/engine/engine.ts";
import { NotFiniteError } from "../../model/training/not_finite_error.ts";
import { writeSafetensors } from "../../model/weights/safetensors.ts";
import type { CharLmSettings } from "../../model/settings/settings.ts";
import type { Text } from "../data_sets/training_text.ts";
import { createStage, type Stage } from "./stage.ts";
import { codeOfStage } from "./stage_code.ts";
import { writeFiles } from "./stage_context.ts";

/** The direction in which a model reads. */
export type CharLmDirection = "forward" | "backward";

/**
 * Describes a character language model (Akbik et al. 2018) trained on texts.
 *
 * Writes `char_lm.safetensors`, `characters.json` with the vocabulary, which is the same for both directions, and
 * `char_lm.json` with the losses and the perplexity of a character.
 */
export function charLmStage(
  engine: EngineName,
  texts: Readonly<Record<string, Text>>,
  settings: CharLmSettings,
  direction: CharLmDirection,
): Promise<Stage> {
  return createStage({
    stage: "pretrain_char_lm",
    label: `${direction} character language model`,
    needs: {},
    inputs: Object.fromEntries(Object.entries(texts).map(([name, { sha256 }]) => [name, sha256])),
    config: { ...settings, direction },
    engine,
    code: codeOfStage(import.meta.url),
    async work(dir, _folders, context) {
      const { seed, maxCharacters, heldOutFraction, nStreams, blockLength, epochs, learningRate } = settings;
      const random = createRandom(seed);
      const lines = linesUpTo(Object.values(texts), maxCharacters);
      const shuffled = random.fork("held out").shuffle([...lines]);
      const nHeldOut = Math.round(shuffled.length * heldOutFraction);
      const train = shuffled.slice(nHeldOut);
      const vocabulary = createVocabulary(train.flatMap((line) => [...line, "\n"]), { minCount: 2 });
      const blocksOf = (lines: readonly string[]) => {
        const characters = charsOfLines(lines, random.fork("case"), { backward: direction === "backward" });
        const ids = vocabulary.idsOf(characters);
        const most = Math.floor(ids.length / 2);
        return charBlocks(ids, { nStreams: Math.max(1, Math.min(nStreams, most)), length: blockLength });
      };
      const parameters = initialCharLm(vocabulary.size, settings, random.fork(direction));
      const lm = createCharLm(context.engine, vocabulary.size, settings);
      const heldOut = nHeldOut > 0 ? blocksOf(shuffled.slice(0, nHeldOut)) : [];
      const checkpoint = await context.openCheckpoint();
      try {
        const { losses, heldOutLosses } = await trainCharLm(lm, parameters, blocksOf(train), heldOut, {
          epochs,
          learningRate,
          random: random.fork("train"),
          checkpoint,
          stage: context.label,
          onProgress: context.report,
          signal: context.signal,
        });
        context.signal.throwIfAborted();
        const perplexity = heldOut.length > 0 ? Math.exp(await charLmLoss(lm, parameters, heldOut)) : null;
        const record = {
          ...settings,
          direction,
          nCharacters: vocabulary.size,
          losses,
          heldOutLosses,
          perplexity,
        };
        await writeFiles(context, dir, {
          "char_lm.safetensors": writeSafetensors(parameters),
          "characters.json": JSON.stringify(vocabulary.toJson()) + "\n",
          "char_lm.json": JSON.stringify(record, null, 2) + "\n",
        });
      } catch (error) {
        if (!(error instanceof NotFiniteError)) throw error;
        throw new Error(`${error.message}; ${checkpoint.describe()}`, { cause: error });
      } finally {
        lm.dispose();
      }
    },
  });
}

/** Returns lines of all texts in turn, as many as fit in a number of characters. */
function linesUpTo(texts: readonly Text[], maxCharacters: number): string[] {
  const lines: string[] = [];
  let count = 0;
  for (let i = 0; texts.some((text) => i < text.lines.length); i++) {
    for (const text of texts) {
      if (i >= text.lines.length) continue;
      count += text.lines[i]!.length + 1;
      if (count > maxCharacters) return lines;
      lines.push(text.lines[i]!);
    }
  }
  return lines;
}
