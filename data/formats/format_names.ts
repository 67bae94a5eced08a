/** The names of formats, each with its documentation. What reads and writes them is in `formats.ts`. */
export const FORMAT_NAMES = {
  columns: "A word and its tag a line, a blank line between sentences",
  csv:
    "Comma-separated values with a header and a word a row; columns called word or token, tag, label or ner, and sentence… where keys name no others",
  hf: "JSON Lines, or a JSON list, of Hugging Face: `tokens` and `ner_tags` or `tags`, as names or numbers",
  doccano: "JSON Lines of doccano: `text` and `label` (or `labels`), or `entities` with `start_offset`",
  prodigy: "JSON Lines of Prodigy: `text`, `spans`, and `tokens` where there are any",
  labelstudio: "JSON, or JSON Lines, of Label Studio: tasks with `data.text` and `annotations`, or JSON-MIN",
  brat: "A folder of brat: a `.txt` and an `.ann` for each document",
} as const;

/** The name of a format. */
export type FormatName = keyof typeof FORMAT_NAMES;
