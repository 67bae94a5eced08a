/** Hashes of bytes, files, texts and plain data. */
import { createHash } from "node:crypto";

/**
 * Computes a SHA-256 as 64 hexadecimal digits.
 *
 * @param data Bytes, or a text that is hashed as UTF-8.
 */
export async function sha256(data: Uint8Array<ArrayBuffer> | string): Promise<string> {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

/**
 * Computes the size and SHA-256 of a file of any size, reading it in pieces.
 *
 * @param path The file.
 * @throws As `Deno.open` does.
 */
export async function hashFile(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const piece of (await Deno.open(path)).readable) {
    hash.update(piece);
    bytes += piece.length;
  }
  return { bytes, sha256: hash.digest("hex") };
}

/**
 * Writes JSON with sorted keys and no white space, so that equal data gives equal text.
 *
 * @param value Plain data; a key whose value is undefined counts as absent.
 * @throws Error naming the path of a value that JSON cannot express exactly, such as NaN or a function.
 */
export function canonicalJson(value: unknown, path = "value"): string {
  if (value === null || typeof value === "string" || typeof value === "boolean") return JSON.stringify(value);
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) {
    return `[${value.map((one, i) => canonicalJson(one, `${path}[${i}]`)).join(",")}]`;
  }
  const prototype = typeof value === "object" ? Object.getPrototypeOf(value) : undefined;
  if (prototype === Object.prototype || prototype === null) {
    const entries = Object.entries(value as Record<string, unknown>).filter(([, one]) => one !== undefined);
    // By UTF-16 code units: the order must not depend on a locale.
    entries.sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
    return `{${
      entries.map(([key, one]) => `${JSON.stringify(key)}:${canonicalJson(one, `${path}.${key}`)}`).join(",")
    }}`;
  }
  throw new Error(`Cannot hash "${path}": expected plain JSON data, current value is ${String(value)}`);
}

/** Computes a SHA-256 in base64, as content security policies name scripts. */
export async function sha256Base64(text: string): Promise<string> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text))).toBase64();
}
