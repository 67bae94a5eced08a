/** What is wrong with the files of a data set, all of it, so that one look tells what is to be mended. */
import { tagProblems, wellFormedSchemes } from "../../data/tags/check_tags.ts";
import type { Scheme } from "../../data/tags/tag.ts";
import type { Sentence } from "../../data/text/conll.ts";
import { errorMessage } from "../errors.ts";

/** All that is wrong with the files of a data set. */
export class DataSetError extends Error {
  override name = "DataSetError";

  /** @param problems A line each, with file and line of the file; there is at least one. */
  constructor(readonly problems: readonly string[]) {
    const nMore = problems.length - 1;
    super(problems[0] + (nMore > 0 ? ` (and ${nMore} more: deno task prepare lists them)` : ""));
  }
}

/** How many wrong tags of a file are listed, before they are counted. */
const LISTED_TAGS = 20;

/** The first tags that are not of the scheme, how many more there are, and the scheme that they may be of. */
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

/** Says if there is nothing to learn: a file of O alone has its tags in another column, or none. */
export function trainProblemsOf(sentences: readonly Sentence[], path: string): string[] {
  if (sentences.some(({ tags }) => tags.some((tag) => tag !== "O"))) return [];
  const nTags = sentences.reduce((sum, { tags }) => sum + tags.length, 0);
  const rule = `train must hold an entity, all ${nTags} tags of its last column are O`;
  return [errorMessage({ act: "train on", subject: path, rule })];
}
