/** Files of words and tags that are read for scores: tags stay as they are written, well-formed or not. */
import { isText, type WordRecord } from "../../data/formats/data_record.ts";
import { decodeFile } from "../../data/formats/decode_file.ts";
import { type FileScheme, isScheme } from "../../data/formats/file_scheme.ts";
import { FORMATS } from "../../data/formats/formats.ts";
import type { DataSetSettings } from "../../data/formats/read_settings.ts";
import { plainTags, renamed } from "../../data/formats/tag_reading.ts";
import type { Scheme } from "../../data/tags/tag.ts";
import { noSentence } from "../../data/text/conll.ts";
import { originOf, type Sentence, withOrigin } from "../../data/text/sentence.ts";
import { errorMessage } from "../errors.ts";
import { fileProblems } from "./data_set_problems.ts";

/**
 * Reads the sentences of a file.
 *
 * @param scheme The scheme of its tags; tags of any of the six are kept as they are.
 * @returns The sentences, and the scheme that their tags are in now; undefined if none was given.
 * @throws Error with the first errors of the file.
 */
export function readTaggedBytes(
  bytes: Uint8Array,
  source: string,
  settings: DataSetSettings,
  given?: FileScheme | undefined,
): { sentences: Sentence[]; scheme: Scheme | undefined } {
  const scheme = given ?? settings.scheme ?? undefined;
  const format = FORMATS[settings.format];
  if (format.holds !== "words") {
    const rule =
      `must hold a word and a tag each line, ${settings.format} has texts: deno task convert makes columns of it`;
    throw new Error(errorMessage({ act: "score", subject: source, rule }));
  }
  const file = decodeFile(bytes, source, settings.encoding);
  const records = format.read([file], settings).filter((record): record is WordRecord => !isText(record));
  const problems = records.flatMap((record) => record.problems);
  const { tagOrder, labels, outside } = settings;
  // A profile's scheme says what its corpus is written in; predictions beside it may be written in any way.
  const isPlain = (scheme === undefined || isScheme(scheme)) && tagOrder === "B-PER" &&
    Object.keys(labels).length === 0 && outside.length === 1 && outside[0] === "O";
  let plainScheme: Scheme | undefined = isPlain ? scheme as Scheme | undefined : undefined;
  const sentences = records.map(({ sentence }) => {
    if (isPlain) return sentence;
    const { plain, scheme: to, problems: found } = plainTags(sentence, settings, scheme ?? "IOB2");
    problems.push(...found);
    plainScheme = to;
    const tags = plain.map((tag) => {
      const type = tag === "O" ? tag : renamed(tag.slice(2), labels, {});
      return type === null || tag === "O" ? "O" : `${tag[0]}-${type}`;
    });
    return withOrigin({ words: sentence.words, tags }, originOf(sentence));
  });
  if (problems.length > 0) {
    throw new Error(fileProblems({ problems, fitting: [] }, scheme ?? "its scheme", source).join("\n"));
  }
  if (sentences.length === 0) throw new Error(noSentence(source));
  return { sentences, scheme: plainScheme };
}
