import { assertEquals, assertThrows } from "@std/assert";
import { countControls } from "../../../data/text/check_text.ts";
import { decodeInPlace } from "../../../data/text/decode_text.ts";

/** A text as UTF-16. */
function utf16(text: string, littleEndian: boolean): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(2 * text.length));
  for (let i = 0; i < text.length; i++) bytes.setUint16(2 * i, text.charCodeAt(i), littleEndian);
  return new Uint8Array(bytes.buffer);
}

Deno.test("decodeInPlace() decodes UTF-8 and UTF-16, and counts a byte order mark as a character", () => {
  const text = "\uFEFFZürich 👍 \uFEFF\0\x1b漢\r\n";
  assertEquals(decodeInPlace(new TextEncoder().encode(text), "a.txt"), text);
  assertEquals(decodeInPlace(utf16(text, true), "a.txt"), text);
  assertEquals(decodeInPlace(utf16(text, false), "a.txt"), text);
  assertEquals(decodeInPlace(new TextEncoder().encode(text.slice(1)), "a.txt"), text.slice(1));
  assertEquals(decodeInPlace(new Uint8Array(), "a.txt"), "");
});

Deno.test("decodeInPlace() throws when bytes are not what the byte order mark says, or too many", () => {
  const latin1 = new Uint8Array([0x41, 0x0a, 0x5a, 0xfc, 0x0a]);
  assertThrows(() => decodeInPlace(latin1, "a.txt"), Error, "at a.txt:2: it must be UTF-8");
  for (const bytes of [utf16("\uFEFFa\ud83d", true), utf16("\uFEFFab", false).subarray(0, 5)]) {
    assertThrows(() => decodeInPlace(bytes, "a.txt"), Error, 'Cannot decode "a.txt": it must be UTF-16');
  }
  assertThrows(() => decodeInPlace({ length: 2 ** 29 } as Uint8Array, "a.txt"), Error, "at most 536870888");
});

Deno.test("countControls() counts what is read as white space, and throws when so much is U+0000 that it is no text", () => {
  assertEquals(countControls("a\tb\n\v\f\r\x85\u2028\u200b", "a.txt"), 0);
  assertEquals(countControls("a\x02\x1b[0m\x7f\x9f\0", "a.txt"), 5);
  assertEquals(countControls("\0".repeat(10) + "a".repeat(1000), "a.txt"), 10);
  const noText = ["M\0a\0r\0a\0", "\x7fELF\x02\x01\x01" + "\0".repeat(9), "\0".repeat(11) + "a".repeat(1000)];
  for (const text of noText) {
    const message = `Cannot read "a.txt" as text: it must be UTF-8, or UTF-16 with a byte order mark`;
    assertThrows(() => countControls(text, "a.txt"), Error, message);
  }
});
