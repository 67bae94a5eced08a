/** Shapes of JSON files that programs write and read back. */
import { z } from "npm:zod@4.6.7";
import { expecting, type Shape } from "./shapes.ts";

/** Returns the shape of a whole number from `least` to `most`. */
export function whole(least: number, most = Infinity): Shape<number> {
  const range = most < Infinity ? `${least} to ${most}` : `${least}`;
  return expecting(
    `a whole number from ${range}`,
    (settings) => z.int(settings).min(least, settings).max(most, settings),
  );
}

/** Returns the shape of one value. */
export function only<const T extends string | number | boolean>(
  value: T,
  expected: string = JSON.stringify(value),
): Shape<T> {
  return expecting(expected, (settings) => z.literal(value, settings) as Shape<T>);
}

/** Returns the shape of a list of texts. */
export function texts(): Shape<readonly string[]> {
  const isTexts = (value: unknown) => Array.isArray(value) && value.every((one) => typeof one === "string");
  return expecting("a list of texts", (settings) => z.custom<readonly string[]>(isTexts, settings));
}

/** Returns the shape of any value that is not missing. */
export function present(): Shape<unknown> {
  return expecting(
    "a value",
    (settings) => z.unknown().refine((value) => value !== undefined, settings),
  );
}

/** Returns the shape of a value that may be left out. */
export function maybe<S extends z.ZodType>(inner: S): z.ZodExactOptional<S> {
  return z.exactOptional(inner);
}

/** Returns the shape of a list. */
export function listOf<T>(item: Shape<T>): Shape<T[]> {
  return expecting("a list", (settings) => z.array(item, settings));
}

/** Returns the shape of a pair. */
export function pairOf<T>(item: Shape<T>): Shape<[T, T]> {
  return expecting("a list of 2", (settings) => z.tuple([item, item], settings));
}

/** Returns the shape of a mapping from any names to values of one shape. */
export function mapOf<T>(item: Shape<T>): Shape<Record<string, T>> {
  return expecting("an object", (settings) => z.record(z.string(), item, settings));
}

/** Returns the shape of an object with these keys; other keys are ignored. */
export function objectOf<K extends z.ZodRawShape>(keys: K): z.ZodObject<K, z.core.$loose> {
  return expecting("an object", (settings) => z.looseObject(keys, settings));
}

/** Returns the shape of an object with these keys and no others. */
export function closedObject<K extends z.ZodRawShape>(keys: K): z.ZodObject<K, z.core.$strict> {
  const unknown = `unknown key, known here are ${Object.keys(keys).join(", ")}`;
  return expecting(
    "an object",
    ({ error }) =>
      z.strictObject(keys, { error: ({ code }) => code === "unrecognized_keys" ? unknown : error }),
  );
}
