/** Shapes of values that hold others: lists, mappings with declared keys, mappings with free names. */
import { z } from "npm:zod@4.6.7";
import { expectedOf, expecting, type Shape, type ValueOf } from "./shapes.ts";

/** One key of a mapping. */
export interface Key<T> {
  readonly shape: Shape<T>;
  /** One line of documentation, without a full stop. */
  readonly doc: string;
  /** The default of a key that is left out, as the file would write it; absent if the key is required. */
  readonly fallback?: { readonly value: unknown };
}

/** Keys by name. */
// deno-lint-ignore no-explicit-any
export type Keys = Readonly<Record<string, Key<any>>>;

/** The values of keys. */
export type ValuesOf<K extends Keys> = { [P in keyof K]: ValueOf<K[P]["shape"]> };

/** Declares a key that may be left out. */
export function optional<T>(shape: Shape<T>, fallback: NoInfer<T>, doc: string): Key<T> {
  return { shape, fallback: { value: fallback }, doc };
}

/** Declares a key that has to be given. */
export function required<T>(shape: Shape<T>, doc: string): Key<T> {
  return { shape, doc };
}

/** Declares a key that is a mapping whose own keys all have defaults. */
export function section<T>(shape: Shape<T>, doc: string): Key<T> {
  return { shape, fallback: { value: {} }, doc };
}

/** The contents of a shape. */
export interface Content {
  /** The declared keys of a mapping, or of the mapping that the value may be. */
  readonly keys?: Keys;
  /** True if all keys may be left out and then have no defaults. */
  readonly isPartial?: boolean;
  /** The shape of a list's items, or of the values of a mapping with free names. */
  readonly item?: z.ZodType;
}

const contents = new WeakMap<z.ZodType, Content>();

/** Returns the contents of a shape; empty for the shape of a single value. */
export function contentOf(shape: z.ZodType): Content {
  return contents.get(shape) ?? {};
}

function holding<S extends z.ZodType>(content: Content, schema: S): S {
  contents.set(schema, content);
  return schema;
}

/** Returns the shape of a mapping with the declared keys and no others; keys that are left out have their defaults. */
export function group<const K extends Keys>(keys: K): Shape<ValuesOf<K>> {
  const schema = strictObject(
    keys,
    ({ shape, fallback }) => fallback ? shape.prefault(fallback.value) : shape,
  );
  return holding({ keys }, expecting("a mapping", () => schema)) as unknown as Shape<ValuesOf<K>>;
}

/** Returns the shape of a mapping with some of the declared keys; keys that are left out have no defaults. */
export function partial<const K extends Keys>(keys: K): Shape<Partial<ValuesOf<K>>> {
  const schema = strictObject(keys, ({ shape }) => shape.optional());
  const expected = `a mapping with some of the keys ${Object.keys(keys).join(", ")}`;
  return holding({ keys, isPartial: true }, expecting(expected, () => schema)) as unknown as Shape<
    Partial<ValuesOf<K>>
  >;
}

function strictObject<K extends Keys>(keys: K, schemaOf: (key: K[string]) => z.ZodType): z.ZodObject {
  const schemas = Object.entries(keys).map((
    [name, key],
  ) => [name, schemaOf(key as K[string]).describe(key.doc)]);
  const names = Object.keys(keys).join(", ");
  return z.strictObject(Object.fromEntries(schemas), {
    error: ({ code }) =>
      code === "unrecognized_keys"
        ? `unknown key, known here are ${names}`
        : `expected a mapping with the keys ${names}`,
  });
}

/** Returns the shape of a list of one or more distinct values of one shape. */
export function list<T>(item: Shape<T>): Shape<T[]> {
  const distinct = (items: readonly T[], context: z.core.$RefinementCtx) => {
    const repeated = items.findIndex((one, i) => items.indexOf(one) !== i);
    if (repeated < 0) return;
    context.addIssue({ code: "custom", message: "given twice", path: [repeated], input: items[repeated] });
  };
  return holding(
    { item },
    expecting(
      `a list, each ${expectedOf(item)}`,
      (settings) => z.array(item, settings).min(1, settings).superRefine(distinct),
    ),
  );
}

/** Returns the shape of a mapping from any names to values of one shape. */
export function mapping<T>(name: string, item: Shape<T>): Shape<Record<string, T>> {
  return holding(
    { item },
    expecting(
      `a mapping from ${name} to ${expectedOf(item)}`,
      (settings) => z.record(z.string(), item, settings),
    ),
  );
}

/** Returns the shape of a mapping that is checked later; null, as YAML reads an empty one, counts as one. */
export function anything(): Shape<Record<string, unknown>> {
  return expecting(
    "a mapping of keys, or nothing",
    (settings) => z.record(z.string(), z.unknown(), settings).nullable().transform((value) => value ?? {}),
  );
}

/** Returns the shape of a text or a mapping. */
export function textOr<T>(text: Shape<string>, mapping: Shape<T>): Shape<string | T> {
  return holding(
    contentOf(mapping),
    expecting(
      `${expectedOf(text)}, or ${expectedOf(mapping)}`,
      (settings) => z.union([text, mapping], settings),
    ),
  );
}

/** Returns the shape of a value, or null for none. */
export function orNull<T>(inner: Shape<T>): Shape<T | null> {
  return holding(contentOf(inner), expecting(`${expectedOf(inner)}, or null`, () => z.nullable(inner)));
}
