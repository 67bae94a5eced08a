/** Headers that take the most memory or time for their size; run by itself, reads each with so many bytes. */
import { readSafetensors } from "../../../model/weights/safetensors.ts";

/** A safetensors file with this text for a header. */
export function fileOf(header: string | Uint8Array, data: ArrayLike<number> = []): Uint8Array<ArrayBuffer> {
  const text = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

/** As many short texts of their own as fit: "0", "1", … in base 36. */
function repeated(size: number, write: (name: string) => string): string {
  const parts: string[] = [];
  let length = 0;
  for (let i = 0; length < size; i++) {
    parts.push(write(i.toString(36)));
    length += parts.at(-1)!.length + 1;
  }
  return parts.join();
}

const tensor = (name: string, shape: string) =>
  `"${name}":{"dtype":"U8","shape":[${shape}],"data_offsets":[0,0]}`;

/** Headers of about so many bytes; the first four are valid. */
const HEADERS: Readonly<Record<string, (size: number) => string>> = {
  "tensors without values": (size) => `{${repeated(size, (name) => tensor(name, "0"))}}`,
  "tensors of 64 dimensions": (size) => `{${repeated(size, (name) => tensor(name, "0" + ",1".repeat(63)))}}`,
  "metadata": (size) => `{"__metadata__":{${repeated(size, (name) => `"${name}":""`)}}}`,
  "a name of wide characters": (size) => `{${tensor("\u{1f600}".repeat(size / 4), "0")}}`,
  "a shape without end": (size) => `{"a":{"shape":[1${",1".repeat(size / 2)}`,
  "an open list in an open list": (size) => `{"a":{"shape":${"[".repeat(size)}`,
  "a name without end": (size) => `{"${"a".repeat(size)}`,
  "a name of escapes without end": (size) => `{"${"\\n".repeat(size / 2)}`,
  "a number without end": (size) => `{"a":{"shape":[${"9".repeat(size)}]}}`,
};

if (import.meta.main) {
  for (const [name, write] of Object.entries(HEADERS)) {
    const bytes = fileOf(write(Number(Deno.args[0])));
    let outcome = "read";
    try {
      readSafetensors(bytes);
    } catch (error) {
      const { message, cause } = error as Error;
      outcome = message.startsWith("Cannot read safetensors") && cause instanceof SyntaxError
        ? `refused in ${message.length < 500 ? "few words" : "too many words"}`
        : message;
    }
    console.log(`${name}: ${outcome}`);
  }
}
