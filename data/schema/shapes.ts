/**
 * Shapes of single values: zod schemas whose errors say what is expected, such as "a whole number of at least 1".
 * Lists, mappings and keys with defaults are in `mappings.ts`.
 */
import { z } from "npm:zod@4.6.7";

/** The form that a value must have, with the type that follows from it. */
export type Shape<T> = z.ZodType<T>;

/** The type of the values that a shape reads. */
export type ValueOf<S extends z.ZodType> = z.output<S>;

/** The expectation of each shape in words, as errors and tables of keys state it. */
const expectations = new WeakMap<z.ZodType, string>();

/** Returns what a shape expects: "a whole number of at least 1". */
export function expectedOf(shape: z.ZodType): string {
  return expectations.get(shape) ?? "a value";
}

/**
 * Makes a shape that errors and tables name.
 *
 * @param make Makes the schema from the settings that give its checks the error.
 */
export function expecting<S extends z.ZodType>(
  expected: string,
  make: (settings: { error: string }) => S,
): S {
  const schema = make({ error: `expected ${expected}` });
  expectations.set(schema, expected);
  return schema;
}

/** Text that is not empty, of one line, without control characters and halves of surrogate pairs. */
export function text(expected = "text"): Shape<string> {
  const fits = (value: string) => value.trim() !== "" && !/[\p{Cc}\p{Cs}]/u.test(value);
  return expecting(expected, (settings) => z.string(settings).refine(fits, settings));
}

/** Any text, an empty one too. */
export function anyText(): Shape<string> {
  return expecting("text", (settings) => z.string(settings));
}

/** Text that can be the name of a file: letters, digits, dots, dashes and underscores. */
export function fileName(): Shape<string> {
  return expecting(
    "a name of letters, digits, dots, dashes and underscores",
    (settings) => z.string(settings).regex(/^\w[\w.-]*$/, settings),
  );
}

/** Returns the shape of a number, text, true or false. */
export function scalar(): Shape<number | string | boolean> {
  return expecting(
    "a number, text, true or false",
    (settings) => z.union([z.number(), z.string(), z.boolean()], settings),
  );
}

/** true or false. */
export function flag(): Shape<boolean> {
  return expecting("true or false", (settings) => z.boolean(settings));
}

/** Returns the shape of something that is on or off; false and null both mean off and are read as null. */
export function onOrOff(): Shape<boolean | null> {
  return expecting(
    "true or false, or null for false",
    (settings) =>
      z.union([z.boolean(), z.null()], settings).transform((value) => (value === true ? value : null)),
  );
}

/** Returns the shape of a whole number from `least` to `most`. */
export function integer(least = 0, most: number = Number.MAX_SAFE_INTEGER): Shape<number> {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return expecting(
    `a whole number ${range}`,
    (settings) => z.int(settings).min(least, settings).max(most, settings),
  );
}

/** Returns the shape of a random generator's seed. */
export function seed(): Shape<number> {
  return integer(0, 2 ** 32 - 1);
}

/** Returns the shape of a finite number; JSON has no others, but 1e999 is read as Infinity. */
export function finite(): Shape<number> {
  return expecting("a finite number", (settings) => z.number(settings));
}

/** Returns the shape of a finite number of at least `least`. */
export function numberFrom(least: number): Shape<number> {
  return expecting(`a number from ${least}`, (settings) => z.number(settings).gte(least, settings));
}

/** Returns the shape of a number above 0. */
export function positive(): Shape<number> {
  return expecting("a number above 0", (settings) => z.number(settings).gt(0, settings));
}

/** Returns the shape of a share of a whole, from 0 to below 1; 0 itself only if `zero` allows it. */
export function share({ zero = true }: { zero?: boolean } = {}): Shape<number> {
  if (zero) {
    return expecting(
      "a number from 0 to below 1",
      (settings) => z.number(settings).gte(0, settings).lt(1, settings),
    );
  }
  return expecting(
    "a number above 0 and below 1",
    (settings) => z.number(settings).gt(0, settings).lt(1, settings),
  );
}

/** One of some names. */
export function choice<const T extends string>(...names: readonly [T, ...T[]]): Shape<T> {
  return expecting(`one of ${names.join(", ")}`, (settings) => z.enum(names, settings) as Shape<T>);
}

/** One of the names of a table. */
export function keyOf<T extends string>(table: Readonly<Record<T, unknown>>): Shape<T> {
  const names = Object.keys(table) as T[];
  return expecting(`one of ${names.join(", ")}`, (settings) => z.enum(names, settings) as Shape<T>);
}

/**
 * One of some names that are known only when a value is read.
 *
 * @param names Lists them.
 */
export function nameOf(names: () => readonly string[]): Shape<string> {
  const error = () => `expected one of ${names().join(", ")}`;
  return expecting(
    `one of ${names().join(", ")}`,
    () =>
      z.string({ error }).refine((value) => names().includes(value), { error, params: { names } })
        .meta({ examples: [...names()] }),
  );
}

/** Returns the shape of a number or none; null and 0 both mean none and are read as null. */
export function orNone(inner: Shape<number>): Shape<number | null> {
  return expecting(
    `${expectedOf(inner)}, or null or 0 for none`,
    () =>
      z.union([inner, z.null(), z.literal(0)], { error: `expected ${expectedOf(inner)}` })
        .transform((value) => (value === 0 ? null : value)),
  );
}

/** One of some names, of which `none` and null are the same: it is read as null. */
export function choiceOrNull<const T extends string>(
  none: string,
  ...names: readonly [T, ...T[]]
): Shape<T | null> {
  return expecting(
    `one of ${[none, ...names].join(", ")}, or null for ${none}`,
    (settings) =>
      z.union([z.enum(names) as Shape<T>, z.null(), z.literal(none)], settings)
        .transform((value) => names.find((name) => name === value) ?? null),
  );
}
