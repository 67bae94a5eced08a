import { assertEquals, assertThrows } from "@std/assert";
import { decodeFile } from "../../../data/formats/decode_file.ts";
import { readSettings } from "../../../data/formats/read_settings.ts";
import { readTagged } from "../../../data/formats/read_tagged.ts";

const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

Deno.test("decodeFile() decodes what TextDecoder knows, and drops a byte order mark", () => {
  assertEquals(decodeFile(latin1("é"), "a", "latin1").text, "é");
  assertEquals(decodeFile(new Uint8Array([0xc4, 0xe3]), "a", "gb18030").text, "你");
  assertEquals(decodeFile(new Uint8Array([0xff, 0xfe, 0x41, 0x00]), "a", "utf-16le").text, "A");
  assertEquals(decodeFile(new TextEncoder().encode("\uFEFFé"), "a", "utf-8"), { name: "a", text: "é" });
  assertThrows(
    () => decodeFile(new Uint8Array([0xff]), "a", "shift_jis"),
    Error,
    "it must be shift_jis (encoding)",
  );
});

Deno.test("decodeFile() notes every line that is not UTF-8, and only its sentence has an error", () => {
  const file = decodeFile(latin1("Ona O\n\nMálaga B-x\nsat O\n\nUlm O\nPeñón B-x\n"), "a.txt", "utf-8");
  assertEquals([...file.damage!.keys()], [3, 7]);
  const { problems } = readTagged([file], readSettings(), "IOB2");
  assertEquals(problems.map((one) => /a\.txt:(\d+): it must be UTF-8/.exec(one)?.[1]), ["3", "7"]);
  const { sentences, counts } = readTagged([file], readSettings({ onError: "skip-sentence" }), "IOB2");
  assertEquals([sentences.map(({ sentence }) => sentence.words), counts.nSkipped], [[["Ona"]], 2]);
});
