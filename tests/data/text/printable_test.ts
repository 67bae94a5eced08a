import { assert, assertEquals } from "@std/assert";
import { printable, printableLine } from "../../../data/text/printable.ts";

/** What a terminal must never get, one of each kind. */
const UNSAFE = [
  "\udfff",
  "\0",
  "\x07",
  "\b",
  "\v",
  "\f",
  "\r",
  "\x1b",
  "\x7f",
  "\x85",
  "\x9b",
  "\x9d",
  "\u061c",
  "\u200e",
  "\u200f",
  "\u202a",
  "\u202b",
  "\u202c",
  "\u202d",
  "\u202e",
  "\u2066",
  "\u2067",
  "\u2068",
  "\u2069",
  "\u2028",
  "\u2029",
  "\u200b",
  "\u2060",
  "\ufeff",
  "\u{e0001}",
  "\u{e0041}",
  "\u{e007f}",
  "\ud800",
];

Deno.test("printable() escapes every character that a terminal obeys or hides", () => {
  for (const character of UNSAFE) {
    const text = printable(`a${character}b`);
    assert(/^a(\\u[0-9a-f]{4}){1,2}b$/.test(text), JSON.stringify(text));
    assertEquals(JSON.parse(`"${text}"`), `a${character}b`);
  }
  assertEquals(printable("a\x1b]8;;http://x\x1b\\b\u202ec"), "a\\u001b]8;;http://x\\u001b\\b\\u202ec");
});

Deno.test("printable() leaves text of any script, emoji, line feeds and tabs as they are", () => {
  const text = "Zoë\tשלום مرحبا\n王小明 می\u200cخواهم 👩\u200d🔬 a\u00a0b \\u001b \u{1f3f4} ░█";
  assertEquals(printable(text), text);
});

Deno.test("printable() keeps JSON what it is", () => {
  const value = { [`k${UNSAFE.join("")}`]: [UNSAFE.join("\n"), "a\tb"] };
  const text = printable(JSON.stringify(value, null, 2));
  assertEquals(JSON.parse(text), value);
  assertEquals(UNSAFE.filter((character) => text.includes(character)), []);
});

Deno.test("printableLine() keeps a name in its line", () => {
  assertEquals(printableLine("a\nb\tc\x1bd"), "a\\u000ab\\u0009c\\u001bd");
});
