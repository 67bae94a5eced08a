/** All problems in the files of a data set, so that people can correct them at once. */
import type { TaggedFile } from "../../data/formats/read_tagged.ts";
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

/** The greatest number of errors to list for a file; further ones are counted. */
const LISTED = 20;

/** Lists the first errors of a file, the number of further ones, and the schemes that its tags may belong to. */
export function fileProblems(
  { problems, fitting }: Pick<TaggedFile, "problems" | "fitting">,
  scheme: string,
  path: string,
): string[] {
  const more = problems.slice(LISTED);
  const areTags = more.every(isOfTag);
  const what = areTags ? `tags of ${path} that are not of ${scheme}` : `errors in ${path}`;
  return [
    ...problems.slice(0, LISTED),
    ...(more.length > 0 ? [`Besides, ${what}: ${more.length}`] : []),
    ...(fitting.length > 0 && problems.some(isOfTag)
      ? [`All tags of ${path} are of ${fitting.join(" or ")} (data.scheme, or scheme for this data set)`]
      : []),
  ];
}

/** Tells whether an error is about a tag that its scheme does not allow. */
export function isOfTag(problem: string): boolean {
  return problem.startsWith("Cannot use tag ");
}

/** Reports a training file without entities: if all tags are O, the tags are in another column, or there are none. */
export function trainProblemsOf(sentences: readonly Sentence[], path: string): string[] {
  if (sentences.some(({ tags }) => tags.some((tag) => tag !== "O"))) return [];
  const nTags = sentences.reduce((sum, { tags }) => sum + tags.length, 0);
  const rule = `train must hold an entity, all ${nTags} tags of its last column are O`;
  return [errorMessage({ act: "train on", subject: path, rule })];
}
