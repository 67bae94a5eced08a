/** All problems in the files of a data set, so that people can correct them at once. */
import { tagProblems, wellFormedSchemes } from "../../data/tags/check_tags.ts";
import type { Scheme } from "../../data/tags/tag.ts";
import type { Sentence } from "../../data/text/conll.ts";
import { errorMessage } from "../errors.ts";

/** An error that lists all problems in the files of a data set. */
export class DataSetError extends Error {
  override name = "DataSetError";

  /** @param problems One a line, with the file and the line in it; at least one. */
  constructor(readonly problems: readonly string[]) {
    const nMore = problems.length - 1;
    super(problems[0] + (nMore > 0 ? ` (and ${nMore} more: deno task prepare lists them)` : ""));
  }
}

/** The greatest number of wrong tags to list for a file; further ones are counted. */
const LISTED_TAGS = 20;

/**
 * Lists the first tags that do not belong to the scheme, the number of further ones, and the schemes that they may
 * belong to.
 */
export function tagProblemsOf(sentences: readonly Sentence[], scheme: Scheme, path: string): string[] {
  const problems = [...tagProblems(sentences, { scheme, wellFormed: true })];
  if (problems.length === 0) return [];
  const nMore = problems.length - LISTED_TAGS;
  const fitting = wellFormedSchemes(sentences);
  return [
    ...problems.slice(0, LISTED_TAGS),
    ...(nMore > 0 ? [`Besides, tags of ${path} that are not of ${scheme}: ${nMore}`] : []),
    ...(fitting.length > 0 ? [`All tags of ${path} are of ${fitting.join(" or ")} (data.scheme)`] : []),
  ];
}

/** Reports a training file without entities: if all tags are O, the tags are in another column, or there are none. */
export function trainProblemsOf(sentences: readonly Sentence[], path: string): string[] {
  if (sentences.some(({ tags }) => tags.some((tag) => tag !== "O"))) return [];
  const nTags = sentences.reduce((sum, { tags }) => sum + tags.length, 0);
  const rule = `train must hold an entity, all ${nTags} tags of its last column are O`;
  return [errorMessage({ act: "train on", subject: path, rule })];
}
