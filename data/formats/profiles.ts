/** Profiles: the keys with which well-known corpora are read as their authors publish them. */
import type { FormatName } from "./format_names.ts";
import type { LayoutSettings } from "./read_keys.ts";

/** A corpus, and how it is read. */
export interface ReadProfile {
  /** One line about the corpus. */
  doc: string;
  /** The format and the keys that differ from the defaults. */
  keys: Partial<LayoutSettings> & { format?: FormatName };
}

/** The keys of files with the comments and numbers of CoNLL-U. */
const CONLLU: ReadProfile["keys"] = {
  separator: "tab",
  comments: "#",
  documentMarks: ["# newdoc"],
  idColumn: 0,
  wordColumn: 1,
};

/** The name of a profile. */
export type ProfileName =
  | "conll2003"
  | "conll2002"
  | "ontonotes"
  | "germeval2014"
  | "conllu"
  | "conllu-misc"
  | "multiconer"
  | "wnut17"
  | "hipe2022"
  | "wikiann"
  | "fewnerd";

/** Profiles by name. */
export const PROFILES: Readonly<Record<ProfileName, ReadProfile>> = {
  conll2003: {
    doc:
      "CoNLL-2003 as distributed (`eng.train`): word, part of speech, chunk, tag in IOB1; `-DOCSTART-` lines",
    keys: { separator: "space", scheme: "IOB1" },
  },
  conll2002: {
    doc: "CoNLL-2002, Spanish and Dutch (`esp.train`, `ned.train`), in Latin-1: word first, tag in IOB2 last",
    keys: { separator: "space", encoding: "latin1", scheme: "IOB2" },
  },
  ontonotes: {
    doc: "OntoNotes 5 as `_conll` files of CoNLL-2012: word in column 3, entities in brackets in column 10",
    keys: {
      separator: "whitespace",
      comments: "#",
      documentMarks: ["#begin document"],
      wordColumn: 3,
      tagColumn: 10,
      scheme: "brackets",
      evenColumns: "sentence",
    },
  },
  germeval2014: {
    doc:
      "GermEval 2014 (`NER-de-train.tsv`): number, word, outer tag, inner tag; lines with # name the source",
    keys: { separator: "tab", comments: "#", wordColumn: 1, tagColumn: 2, scheme: "IOB2" },
  },
  conllu: {
    doc:
      "Universal NER (`en_ewt-ud-train.iob2`): CoNLL-U's comments and numbers, word in column 1, tag in column 2",
    keys: { ...CONLLU, tagColumn: 2, scheme: "IOB2" },
  },
  "conllu-misc": {
    doc: "CoNLL-U with the tag in its last column, MISC, as `name=B-PER` (NorNE)",
    keys: { ...CONLLU, tagColumn: 9, tagKey: "name", scheme: "IOB2" },
  },
  multiconer: {
    doc: "MultiCoNER (`en_train.conll`): word, two empty columns, tag; `# id` lines begin sentences",
    keys: { separator: "space", comments: "# ", wordColumn: 0, tagColumn: -1, scheme: "IOB2" },
  },
  wnut17: {
    doc: "WNUT 2017 (`wnut17train.conll`): word, tab, tag",
    keys: { separator: "tab", scheme: "IOB2" },
  },
  hipe2022: {
    doc:
      "HIPE 2022 (`HIPE-2022-v2.1-hipe2020-train-de.tsv`): a header, the literal coarse tag, sentence ends in MISC",
    keys: {
      separator: "tab",
      comments: "# ",
      documentMarks: ["# hipe2022:document_id"],
      wordColumn: "TOKEN",
      tagColumn: "NE-COARSE-LIT",
      sentenceEnd: "EndOfSentence",
      outside: ["O", "_"],
      scheme: "IOB2",
    },
  },
  wikiann: {
    doc: "WikiANN (PAN-X) as published: the language and a colon before every word (`en:Oslo`), tab, tag",
    keys: { separator: "tab", wordPrefix: "*:", scheme: "IOB2" },
  },
  fewnerd: {
    doc: "Few-NERD (`train.txt`): word, tab, type without a prefix (`person-actor`)",
    keys: { separator: "tab", scheme: "bare" },
  },
};
