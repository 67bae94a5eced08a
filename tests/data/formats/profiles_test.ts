/** Every profile reads a file as its corpus is published, and its words and tags are those of the table. */
import { assertEquals } from "@std/assert";
import { decodeFile } from "../../../data/formats/decode_file.ts";
import { type ProfileName, PROFILES } from "../../../data/formats/profiles.ts";
import { readSettings } from "../../../data/formats/read_settings.ts";
import { readTagged } from "../../../data/formats/read_tagged.ts";

/** A file of each corpus, and what is read: "word/TAG word/TAG" for each sentence. */
const FILES: Record<ProfileName, { bytes: string | Uint8Array; read: string[]; documents?: number }> = {
  conll2003: {
    bytes:
      "-DOCSTART- -X- O O\n\nOna NNP I-NP I-PER\nVale NNP I-NP I-PER\nUlm NNP I-NP B-PER\nsat VB I-VP O\n\n" +
      "-DOCSTART- -X- O O\n\nGlim NNP I-NP I-LOC\n",
    read: ["Ona/B-PER Vale/I-PER Ulm/B-PER sat/O", "Glim/B-LOC"],
    documents: 2,
  },
  conll2002: {
    bytes: Uint8Array.from("Cádiz B-LOC\nllueve O\n", (character) => character.charCodeAt(0)),
    read: ["Cádiz/B-LOC llueve/O"],
  },
  ontonotes: {
    bytes: "#begin document (a/b); part 000\n" +
      "a/b  0  0  Ona  NNP  (TOP*  -  -  -  -  (PERSON*  (ARG0*  -\n" +
      "a/b  0  1  Vale NNP  *      -  -  -  -  *)        *)      -\n\n" +
      "a/b  0  0  Glim NNP  (TOP*) -  -  -  -  (GPE)     -\n" +
      "a/b  0  1  .    .    *      -  -  -  -  *         -\n\n#end document\n",
    read: ["Ona/B-PERSON Vale/I-PERSON", "Glim/B-GPE ./O"],
  },
  germeval2014: {
    bytes: "#\thttp://a.example/1 [2010-01-01]\n1\tOna\tB-PER\tO\n2\tVale\tI-PER\tB-LOC\n3\t#\tO\tO\n\n" +
      "#\thttp://a.example/2 [2010-01-01]\n1\tGlimer\tB-LOCderiv\tO\n",
    read: ["Ona/B-PER Vale/I-PER #/O", "Glimer/B-LOCderiv"],
  },
  conllu: {
    bytes:
      "# newdoc id = d1\n# sent_id = s1\n# text = Ona sat\n1\tOna\tB-PER\t-\tme\n2-3\tsat\tO\t-\t-\n2\tsa\tO\t-\t-\n" +
      "2.1\tx\tO\t-\t-\n3\tt\tO\t-\t-\n\n# newdoc id = d2\n# sent_id = s2\n1\t#\tO\t-\t-\n",
    read: ["Ona/B-PER sa/O t/O", "#/O"],
    documents: 2,
  },
  "conllu-misc": {
    bytes: "# sent_id = s1\n1\tOna\tOna\tPROPN\t_\t_\t0\troot\t_\tname=B-PER|SpaceAfter=No\n" +
      "2\tsat\tsit\tVERB\t_\t_\t1\tx\t_\t_\n",
    read: ["Ona/B-PER sat/O"],
  },
  multiconer: {
    bytes:
      "# id 5f-1\tdomain=train\nona _ _ B-PER\n# _ _ O\n#tag _ _ O\n\n\n# id 5f-2\tdomain=train\nglim _ _ B-LOC\n",
    read: ["ona/B-PER #/O #tag/O", "glim/B-LOC"],
  },
  wnut17: {
    bytes: "@ona\tO\n#sat\tO\nGlim\tB-location\n\t\nUlm\tB-person\n",
    read: ["@ona/O #sat/O Glim/B-location", "Ulm/B-person"],
  },
  hipe2022: {
    bytes:
      "TOKEN\tNE-COARSE-LIT\tNE-COARSE-METO\tMISC\n# hipe2022:document_id = a\n# hipe2022:date = 1900\n" +
      "Ona\tB-pers\tO\tNoSpaceAfter\n#\tO\tO\tEndOfSentence|NoSpaceAfter\nGlim\tB-loc\tO\t_\n\n" +
      "# hipe2022:document_id = b\nsat\t_\t_\t_\n",
    read: ["Ona/B-pers #/O", "Glim/B-loc", "sat/O"],
    documents: 2,
  },
  wikiann: {
    bytes: "zh-min-nan:Ona\tB-PER\nzh-min-nan:::\tO\n\nzh-min-nan:Glim\tB-LOC\n",
    read: ["Ona/B-PER ::/O", "Glim/B-LOC"],
  },
  fewnerd: {
    bytes: "Ona\tperson-other\nVale\tperson-other\nsat\tO\nGlim\tlocation-GPE\nUlm\tperson-other\n",
    read: ["Ona/B-person-other Vale/I-person-other sat/O Glim/B-location-GPE Ulm/B-person-other"],
  },
};

for (const [format, { bytes, read, documents }] of Object.entries(FILES)) {
  Deno.test(`readTagged() reads files of ${format} by the name of the corpus`, () => {
    const settings = readSettings({ format: format as ProfileName });
    const all = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
    const { sentences, problems } = readTagged([decodeFile(all, "a", settings.encoding)], settings, "IOB2");
    assertEquals(problems, []);
    const shown = sentences.map(({ sentence: { words, tags } }) =>
      words.map((word, w) => `${word}/${tags[w]}`).join(" ")
    );
    assertEquals(shown, read);
    assertEquals(
      new Set(sentences.map(({ document }) => document).filter((one) => one !== undefined)).size,
      documents ?? 0,
    );
  });
}

Deno.test("readSettings() puts what is said before the profile, and the profile before the defaults", () => {
  const settings = readSettings({ format: "germeval2014", tagColumn: 1 }, { tagColumn: 3 });
  assertEquals([settings.format, settings.wordColumn, settings.tagColumn, settings.comments], [
    "columns",
    1,
    3,
    "#",
  ]);
  assertEquals(readSettings({ format: "conll2002", encoding: "utf-8" }).encoding, "utf-8");
  assertEquals(readSettings().scheme, null);
  // A profile is nothing but keys.
  const keys = PROFILES.germeval2014.keys;
  assertEquals(readSettings({ ...keys, separator: "tab" }), readSettings({ format: "germeval2014" }));
});
