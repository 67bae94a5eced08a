/** JSON Lines of tokens and tags, as data sets of Hugging Face are exported. */
import { listOf, present, texts } from "../schema/file_shapes.ts";
import { withOrigin } from "../text/sentence.ts";
import { isText, type WordRecord } from "./data_record.ts";
import type { Format } from "./format.ts";
import { idOf, type JsonRecord, readJsonRecords, readPart } from "./json_records.ts";

const TOKEN_FIELDS = ["tokens", "words"];
const TAG_FIELDS = ["ner_tags", "tags", "labels", "ner"];

/** The format. */
export const HF: Format = {
  endings: [".jsonl", ".json", ".txt"],
  holds: "words",
  offsets: "utf16",
  read: ([file], { wordColumn, tagColumn, tagNames }) =>
    readJsonRecords(file!, (record): WordRecord => {
      const { source, line, problem } = record;
      const { id } = record.value;
      const recordOf = (words: string[], tags: string[], problems: string[]): WordRecord => ({
        sentence: withOrigin({ words, tags }, { source, lines: words.map(() => line) }),
        ...(idOf(id) === undefined ? {} : { id: idOf(id)! }),
        problems,
      });
      const fail = (rule: string, value?: unknown) => recordOf([], [], [problem(rule, value)]);
      const tokenField = fieldOf(record, wordColumn, TOKEN_FIELDS);
      const tagField = fieldOf(record, tagColumn, TAG_FIELDS);
      if (tokenField === undefined) {
        return fail(`a record must have ${TOKEN_FIELDS.join(" or ")} (wordColumn)`);
      }
      const words = readPart(record, tokenField, texts(), record.value[tokenField]);
      if (typeof words === "string") return recordOf([], [], [words]);
      const odd = words.find((word) => word.trim() === "" || /[\t\r\n]/.test(word));
      if (odd !== undefined) {
        return fail(`${tokenField}: a word must not be empty nor hold tabs or line ends`, odd);
      }
      if (tagColumn === null && tagField === undefined) {
        return fail(`a record must have ${TAG_FIELDS.join(" or ")} (tagColumn)`);
      }
      const given = readPart(record, tagField!, listOf(present()), record.value[tagField!]);
      if (typeof given === "string") {
        return recordOf([], [], [given]);
      }
      if (given.length !== words.length) {
        return fail(`${tagField}: must have a tag a word, there are ${words.length} words`, given.length);
      }
      const tags: string[] = [];
      for (const tag of given) {
        const name = typeof tag === "number" ? tagNames?.[tag] : tag;
        if (typeof name !== "string" || name === "") {
          const rule = typeof tag === "number" && tagNames === null
            ? `${tagField}: tags by number need names (tagNames, or label.json beside the file)`
            : `${tagField}: a tag must be a name, or the number of one of the ${tagNames?.length ?? 0} names`;
          return fail(rule, tag);
        }
        tags.push(name);
      }
      return recordOf([...words], tags, words.length === 0 ? [problem("a record must have a word")] : []);
    }),
  write: (records) => [{
    name: "",
    text: records.flatMap((record) => {
      if (isText(record)) return [];
      const { id, sentence: { words, tags } } = record;
      return [JSON.stringify({ ...(id === undefined ? {} : { id }), tokens: words, ner_tags: tags }) + "\n"];
    }).join(""),
  }],
};

/** Returns the field that is named, or the first of the usual ones that is there. */
function fieldOf(
  { value }: JsonRecord,
  named: string | number | null,
  usual: readonly string[],
): string | undefined {
  if (named !== null) return Object.hasOwn(value, String(named)) ? String(named) : undefined;
  return usual.find((name) => Object.hasOwn(value, name));
}

/**
 * Reads the names of tags, in the order of their numbers.
 *
 * @param value A list of names, or a mapping from names to numbers or from numbers to names, as in `id2label`.
 * @returns The names; undefined if it is neither.
 */
export function readTagNames(value: unknown): string[] | undefined {
  if (Array.isArray(value)) return value.every((name) => typeof name === "string") ? value : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  const pairs = Object.entries(value).map(([key, to]) =>
    typeof to === "number" ? [to, key] as const : [Number(key), to] as const
  ).sort(([a], [b]) => a - b);
  const isList = pairs.length > 0 && pairs.every(([n, name], i) => n === i && typeof name === "string");
  return isList ? pairs.map(([, name]) => name as string) : undefined;
}
