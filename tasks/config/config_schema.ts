/**
 * Shapes of single configuration values: what a key accepts, how errors name it, and the TypeScript type that
 * follows from it. Shapes of lists and mappings are in `config_mappings.ts`; `config.ts` writes the experiment's
 * keys down with both.
 */
import { errorMessage, nearestName } from "../errors.ts";

/** Where a value stands: its YAML path, and the file or flag that it came from. */
export interface Place {
  /** Keys from the top, joined by dots: "train.epochs", "seeds[2]"; "" for the whole document. */
  readonly path: string;
  /** The file or flag in which the value at a path was written. */
  readonly sourceOf: (path: string) => string;
}

/** What a value must look like. */
export interface Shape<T> {
  /** As errors and the table of keys say it: "a whole number of at least 1". */
  readonly expected: string;
  /** Reads a parsed YAML value; throws an Error that names its path. */
  readonly read: (value: unknown, place: Place) => T;
  /** The keys inside, if the value is a mapping with declared keys. */
  readonly keys?: Keys | undefined;
}

/** One key: its shape, its default (absent if it has to be given) and one line of documentation. */
export interface Key<T> extends Shape<T> {
  readonly doc: string;
  readonly fallback?: { readonly value: unknown };
}

/** Keys by name. */
// deno-lint-ignore no-explicit-any
export type Keys = Record<string, Key<any>>;

/** The type of the values that a shape reads. */
// deno-lint-ignore no-explicit-any
export type ValueOf<S extends Shape<any>> = S extends Shape<infer T> ? T : never;

/** Declares a key that may be left out. */
export function optional<T>(shape: Shape<T>, fallback: NoInfer<T>, doc: string): Key<T> {
  return { ...shape, fallback: { value: fallback }, doc };
}

/** Declares a key that has to be given. */
export function required<T>(shape: Shape<T>, doc: string): Key<T> {
  return { ...shape, doc };
}

/** Declares a key that is a mapping whose own keys all have defaults. */
export function section<T>(shape: Shape<T>, doc: string): Key<T> {
  return { ...shape, fallback: { value: {} }, doc };
}

/** A shape from what it expects and a check that gives the value, or undefined if it does not fit. */
function shape<T>(expected: string, accept: (value: unknown) => T | undefined): Shape<T> {
  return {
    expected,
    read(value, place) {
      const accepted = accept(value);
      if (accepted === undefined) fail(place, `expected ${expected}`, value);
      return accepted;
    },
  };
}

/** Throws the error of a value that breaks a rule. */
export function fail(place: Place, rule: string, value: unknown, suggestion?: string): never {
  const subject = place.path || "the document";
  const parts = { act: "use", subject, place: place.sourceOf(place.path), rule, suggestion };
  throw new Error(errorMessage({ ...parts, value }));
}

/** Text that is not empty, of one line, without control characters and halves of surrogate pairs. */
export function text(expected = "text"): Shape<string> {
  return shape(expected, (value) => {
    const fits = typeof value === "string" && value.trim() !== "" && !/[\p{Cc}\p{Cs}]/u.test(value);
    return fits ? value : undefined;
  });
}

/** Text that can be the name of a file: letters, digits, dots, dashes and underscores. */
export function fileName(): Shape<string> {
  return shape(
    "a name of letters, digits, dots, dashes and underscores",
    (value) => typeof value === "string" && /^\w[\w.-]*$/.test(value) ? value : undefined,
  );
}

/** A number, text, true or false. */
export function scalar(): Shape<number | string | boolean> {
  return shape(
    "a number, text, true or false",
    (value) => ["number", "string", "boolean"].includes(typeof value) ? value as string : undefined,
  );
}

/** true or false. */
export function flag(): Shape<boolean> {
  return shape("true or false", (value) => typeof value === "boolean" ? value : undefined);
}

/** A whole number of at least `least`, and at most `most`. */
export function integer(least = 0, most = Number.MAX_SAFE_INTEGER): Shape<number> {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return shape(`a whole number ${range}`, (value) => {
    const fits = Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;
    return fits ? value as number : undefined;
  });
}

/** What a random generator can start with. */
export function seed(): Shape<number> {
  return integer(0, 2 ** 32 - 1);
}

/** A number above 0. */
export function positive(): Shape<number> {
  return shape(
    "a number above 0",
    (value) => typeof value === "number" && value > 0 && value < Infinity ? value : undefined,
  );
}

/** A share of a whole: from 0 to below 1, 0 itself only where `zero` allows it. */
export function share({ zero = true } = {}): Shape<number> {
  return shape(
    zero ? "a number from 0 to below 1" : "a number above 0 and below 1",
    (value) => typeof value === "number" && (zero ? value >= 0 : value > 0) && value < 1 ? value : undefined,
  );
}

/** One of some names. */
export function choice<const T extends string>(...names: T[]): Shape<T> {
  const expected = `one of ${names.join(", ")}`;
  return {
    expected,
    read(value, place) {
      if (names.includes(value as T)) return value as T;
      const suggestion = typeof value === "string" ? nearestName(value, names) : undefined;
      fail(place, `expected ${expected}`, value, suggestion);
    },
  };
}

/** A number; null and 0 are the same, none: it is read as null. */
export function orNone(inner: Shape<number>): Shape<number | null> {
  return {
    ...inner,
    expected: `${inner.expected}, or null or 0 for none`,
    read: (value, place) => value === null || value === 0 ? null : inner.read(value, place),
  };
}

/** One of some names that are known only when a value is read. */
export function nameOf(what: string, names: () => readonly string[]): Shape<string> {
  return {
    expected: what,
    read: (value, place) => choice(...names()).read(value, place),
  };
}

/** A value, or null for none. */
export function orNull<T>(inner: Shape<T>): Shape<T | null> {
  return {
    ...inner,
    expected: `${inner.expected}, or null`,
    read: (value, place) => value === null ? null : inner.read(value, place),
  };
}
