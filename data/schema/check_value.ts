/** Checking parsed YAML and JSON values by their shapes: the value, or the first problem in the order of reading. */
import type { z } from "npm:zod@4.6.7";
import { contentOf, type Key } from "./mappings.ts";
import { expectedOf, type Shape } from "./shapes.ts";

/** A rule that a value breaks. */
export interface Problem {
  /** The path of the value: "train.epochs", "seeds[2]"; "" for the whole document. */
  readonly path: string;
  /** The rule that it breaks: "expected true or false". */
  readonly rule: string;
  /** The value; undefined if it is missing. */
  readonly value: unknown;
  /** The unknown name: a key, or a value where one of some names is expected. */
  readonly name?: string;
  /** True if it is a key that the shape does not have. */
  readonly isUnknownKey?: boolean;
  /** The names that may have been meant. */
  readonly known: readonly string[];
}

/** A checked value. */
export type Checked<T> = { readonly value: T; readonly problem?: undefined } | {
  readonly value?: undefined;
  readonly problem: Problem;
};

/**
 * Reads a parsed value by its shape.
 *
 * @param value The parsed value; it is not changed.
 * @returns The value with defaults filled in, or what is wrong about it: of an unknown key and wrong values, the key.
 */
export function checkValue<T>(shape: Shape<T>, value: unknown): Checked<T> {
  const result = shape.safeParse(value, { reportInput: true });
  if (!result.success) return { problem: problemOf(firstOf(result.error.issues), shape) };
  // zod leaves this key out of mappings with free names.
  const odd = findProto(value);
  if (odd !== null) {
    const at = { path: formatPath(odd.path), value: odd.value };
    return { problem: { ...at, rule: "unknown key", isUnknownKey: true, known: [] } };
  }
  return { value: result.data };
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** Returns the issue that is met first: zod reports unknown keys of a mapping after what is wrong inside it. */
function firstOf(issues: readonly Issue[]): Issue {
  const first = issues[0]!;
  const around = issues.filter(({ code, path }) =>
    code === "unrecognized_keys" && path.every((key, i) => first.path[i] === key)
  );
  return around.toSorted((a, b) => a.path.length - b.path.length)[0] ?? first;
}

function problemOf(issue: Issue, top: z.ZodType): Problem {
  const { path, input } = issue;
  if (issue.code === "unrecognized_keys") {
    const unknown = issue.keys[0]!;
    const known = Object.keys(contentOf(lookUp(top, path).shape).keys ?? {});
    return {
      path: formatPath([...path, unknown]),
      rule: issue.message,
      value: (input as Record<string, unknown>)[unknown],
      name: unknown,
      isUnknownKey: true,
      known,
    };
  }
  if (issue.code === "invalid_union") {
    const inner = innerIssue(issue);
    if (inner) return problemOf({ ...inner, path: [...path, ...inner.path] }, top);
  }
  const found = { path: formatPath(path), value: input };
  const { shape, key } = lookUp(top, path);
  if (input === undefined && key) {
    return { ...found, rule: `missing, expected ${expectedOf(shape)} (${key.doc})`, known: [] };
  }
  const problem = { ...found, rule: issue.message, known: namesIn(issue) };
  return typeof input === "string" ? { ...problem, name: input } : problem;
}

/** Returns the issue of the only option of a union that the value may be meant for, as text is for text. */
function innerIssue({ errors }: Extract<Issue, { code: "invalid_union" }>): Issue | undefined {
  const meant = errors.filter(([first]) => {
    const isOther = first?.path.length === 0 && ["invalid_type", "invalid_value"].includes(first.code);
    return first !== undefined && !isOther;
  });
  return meant.length === 1 ? firstOf(meant[0]!) : undefined;
}

function namesIn(issue: Issue): readonly string[] {
  if (issue.code === "invalid_value") return issue.values.map(String);
  const names: unknown = issue.code === "custom" ? issue.params?.names : undefined;
  return typeof names === "function" ? names() : [];
}

/** Looks up the shape at a path, and the key that it is declared by, if it is. */
function lookUp(top: z.ZodType, path: Path): { shape: z.ZodType; key?: Key<unknown> } {
  return path.reduce<{ shape: z.ZodType; key?: Key<unknown> }>(({ shape }, name) => {
    const { keys, item } = contentOf(shape);
    const key = keys?.[String(name)];
    return key ? { shape: key.shape, key } : { shape: item ?? shape };
  }, { shape: top });
}

/** Writes a path as YAML's readers do: keys joined by dots, places of lists in brackets. */
function formatPath(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text ? `${text}.${String(key)}` : String(key);
  }, "");
}

/** A value with the key that it has in the value around it. */
interface Nested {
  readonly value: unknown;
  readonly key?: PropertyKey;
  readonly around?: Nested;
}

/** Finds a key `__proto__` anywhere in a value, however deep it is nested. */
function findProto(value: unknown): { path: Path; value: unknown } | null {
  const places: Nested[] = [{ value }];
  for (let place = places.pop(); place !== undefined; place = places.pop()) {
    if (typeof place.value !== "object" || place.value === null) continue;
    const isList = Array.isArray(place.value);
    for (const [key, inner] of Object.entries(place.value)) {
      const nested = { value: inner, key: isList ? Number(key) : key, around: place };
      if (key === "__proto__") return { path: pathOf(nested), value: inner };
      if (typeof inner === "object") places.push(nested);
    }
  }
  return null;
}

/** Returns the keys that lead to a place. Paths are not kept with every place: deep values would take minutes. */
function pathOf(place: Nested): Path {
  const path: PropertyKey[] = [];
  for (let { key, around } = place; key !== undefined && around; { key, around } = around) path.push(key);
  return path.reverse();
}
