import { assertEquals } from "@std/assert";
import { parseConfig } from "../../../tasks/config/read_config.ts";
import { standInNotes } from "../../../tasks/stages/stand_ins.ts";

const notesOf = (yaml: string) => {
  const config = parseConfig(`name: e\nencoder: some/bert\ndata: { targets: [ai] }\n${yaml}`, {
    source: "e.yaml",
  });
  return standInNotes(["laner", "lstm-crf", "flair", "bartner", "no-system"], () => config);
};

Deno.test("standInNotes() names what was made in the run, with the systems that stand on it", () => {
  assertEquals(notesOf(""), [
    "Stand-in: lstm-crf, flair on word vectors trained in the run by skip-gram, in place of GloVe.",
    "Stand-in: flair on small character models trained in the run, in place of Flair's.",
    "Stand-in: bartner on a small BART that was made in the run, in place of BART-base.",
  ]);
});

Deno.test("standInNotes() says nothing of real vectors and a real BART", () => {
  assertEquals(notesOf("words: { vectors: glove.txt }\nbart: bart-base"), [
    "Stand-in: flair on small character models trained in the run, in place of Flair's.",
  ]);
});

Deno.test("standInNotes() names an encoder that was made in the run, for the systems that read it", () => {
  const notes = (words: string) =>
    standInNotes(
      ["laner", "multi-cell-lstm", "coach"],
      () =>
        parseConfig(`name: e\nencoder: {}\ndata: { targets: [ai] }\nwords: { vectors: a.txt, ${words} }`, {
          source: "e.yaml",
        }),
    );
  const note = (systems: string) =>
    `Stand-in: ${systems} on a small BERT that was made in the run, in place of a pretrained one.`;
  assertEquals(notes(""), [note("laner")]);
  assertEquals(notes("readsEncoder: true"), [note("laner, multi-cell-lstm, coach")]);
});
