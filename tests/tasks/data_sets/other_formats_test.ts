import { assert, assertEquals } from "@std/assert";
import { isProse, otherFormat } from "../../../tasks/data_sets/other_formats.ts";

/** Texts by the format that they are in. */
const FORMATS: Record<string, string[]> = {
  "JSON Lines": [
    '{"text": "Mira Holt left."}\n{"text": "Tarsus is old."}\n',
    '\n{"id": 1, "tokens": ["Mira"], "ner_tags": [1]}\r\n{"id": 2}\r\n',
    '["Mira", "left"]\n["Tarsus"]\n',
    // A comment, and a line that is damaged.
    '# exported\n{"text": "a"}\n{"text": "b"}\n{"text": "c"\n',
    `${'{"text": "a"}\n'.repeat(100_000)}{"text"`,
  ],
  "JSON": [
    '{"text": "Mira Holt left."}',
    '[{"text": "Mira Holt left."}]\n',
    '{\n  "documents": [\n    { "text": "a" }\n  ]\n}\n',
    '[\n  {\n    "id": 1,\n    "data": {}\n  }\n]\n',
    '[["Mira", "left"], ["Tarsus"]]',
    // Cut short.
    '{\n  "text": "Mira Holt',
  ],
  "columns of words and tags": [
    "Mira\tB-PER\nleft\tO\n",
    "-DOCSTART- -X- O O\n\nEU NNP I-NP I-ORG\nrejects VBZ I-VP O\n\nPeter NNP I-NP I-PER\nleft VB I-VP O\n",
    "# sent_id = 1\n# text = Mira left\n1\tMira\tB-PER\t-\tann\n2\tleft\tO\t-\tann\n",
    "#\thttp://example.org\t[2020]\n1\tMira\tB-PER\tO\n2\tleft\tO\tO\n3\t.\tO\tO\n",
    "Mira person-actor\nHolt person-actor\nleft O\nTarsus location\nis O\nold O\n",
    "Mira _ _ _\nHolt _ _ _\n\nTarsus _ _ _\n",
    "Mira S-PER\nleft O\nNew B-LOC\nYork E-LOC\n",
    // One line is damaged.
    `${"Mira B-PER\nleft O\n\n".repeat(10)}left\n`,
  ],
  "one word a line": ["Mira\nHolt\nleft\nTarsus\n.\n\nIt\nis\n"],
  "tab-separated values": [
    "id\ttext\n1\tMira Holt left.\n",
    "12\tMira Holt left.\n13\tTarsus is old.\n14\tNo.\n",
  ],
  "comma-separated values": [
    'id,text,label\n1,"Mira Holt left, then came.",a\n2,Tarsus is old,b\n',
    'text;label\n"Mira; Holt";a\nTarsus is old;b\n',
  ],
  "HTML": ["<!DOCTYPE html>\n<html><body>Mira</body></html>", "  <html lang='en'><p>Mira"],
  "XML or HTML": [
    '<?xml version="1.0"?>\n<doc/>',
    "<doc id='1'><s>Mira left.</s></doc>\n",
    "<p>Mira left.</p> <p>",
  ],
  "annotations of brat": ["T1\tPER 0 9\tMira Holt\nT2\tLOC 20 26\tTarsus\nR1\tin Arg1:T1 Arg2:T2\n"],
  "RTF": ["{\\rtf1\\ansi Mira left.}"],
};

const PROSE = [
  ...["", " \n\n", "Mira Holt left.", "Mira Holt left.\nTarsus is old.\n"],
  // Each begins as another format does.
  "{sic} he wrote {a} letter.\n[1] Mira left.\n[2] Tarsus is old.\n",
  '["It\'s Yours"] was big; big in the underground.',
  '[1, 2] and "a": that is it.\n[1]\n',
  "<b is less than a>, and so on.\n< 5 and > 3",
  "# A heading\n\nText with *marks* and `code`.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n",
  "O Romeo, Romeo!\nO be some other name!\n",
  "Berlin U-Bahn\nWien U-Bahn\nBerlin S-Bahn\n",
  "Vitamin B-12\nVitamin B-6\nVitamin C\n",
  "\tOnce upon a time.\n\tThere was a king.\n",
  "1.\tMira left.\n2.\tTarsus is old.\n-\tNo.\n",
  "Yes, he said.\nNo, she said.\nWell, they said.\n",
  "2002 70,000\n2003 75,000\n2004 80,000\n",
  '"I left , " he said .\n"It is old , " she said .\n"No , " they said .\n',
  "New York\nBerlin\nParis\nRome\nOslo\nBonn\n",
  "let x = 1;\nlet y = 2;\nlet z = 3;\n",
  'The first of many.\n{\n"text" was here\n}\n',
  // What is not at the beginning, or not nearly everywhere, is quoted.
  'This is JSON Lines:\n{"text": "a"}\nIt is read line by line.\nSo it is.\n',
  "Columns look so:\nMira B-PER\nleft O\nand are read from the left.\nThat is all.\n",
];

Deno.test("otherFormat() tells what is no running text by how it looks", () => {
  for (const [format, texts] of Object.entries(FORMATS)) {
    for (const text of texts) assertEquals(otherFormat(text), format, text.slice(0, 200));
  }
});

Deno.test("otherFormat() takes no running text for anything else", () => {
  for (const text of PROSE) assertEquals(otherFormat(text), null, text);
});

Deno.test("isProse() tells running text from columns", () => {
  for (
    const text of [
      "Mira Holt left Tarsus .\n",
      "Mira Holt left.",
      'He said "Tarsus is old."\n',
      "-DOCSTART-\n\nMira Holt left .\nTarsus is old .\n",
    ]
  ) assert(isProse(text), text);
  const columns = FORMATS["columns of words and tags"]!;
  const others = [
    "Mira\n",
    "",
    "Mira NNP Mira\nleft VBD leave\n. . .\n",
    "Mira NNP x\nMr. NNP Mr.\n, , ,\n",
    "Mr.\tN\tMr.\n",
  ];
  for (const text of [...columns, ...others]) assert(!isProse(text), text);
});
