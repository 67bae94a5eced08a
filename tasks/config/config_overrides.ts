/** Keys of a configuration that the command line replaces before anything is checked. */
import { errorMessage, UsageError } from "../errors.ts";
import { isMapping } from "./is_mapping.ts";
import { fail, type Place } from "./place.ts";
import { MAX_DEPTH, parseYaml, YamlError } from "./parse_yaml.ts";

/**
 * A `--set` text such as "train.epochs=5" (the value is YAML), or a key that another flag sets; with `keeps`, an
 * existing mapping stays.
 */
export type ConfigOverride = string | { key: string; value: unknown; flag: string; keeps?: boolean };

/** Returns the dotted key that an override replaces. */
export function overrideKey(override: ConfigOverride): string {
  return typeof override === "string" ? override.slice(0, equalsIn(override)) : override.key;
}

/** Returns the value that an override gives its key. */
export function overrideValue(override: ConfigOverride): unknown {
  return typeof override === "string" ? valueOf(override) : override.value;
}

/** Tells whether an override may have set the value at a path. */
export function decides(override: ConfigOverride, path: string): boolean {
  const key = overrideKey(override);
  return typeof override !== "string" && override.keeps ? path === key : isWithin(path, key);
}

/** Tells whether a path is the key itself or lies inside it. */
export function isWithin(path: string, key: string): boolean {
  return path.startsWith(key) && /^($|[.[])/.test(path.slice(key.length));
}

/** Returns the flag that an override was given with, for errors. */
export function overrideSource(override: ConfigOverride): string {
  return typeof override === "string" ? `--set ${override}` : override.flag;
}

/**
 * Returns the keys of a document as overrides of another document: mappings are merged key by key, any other value
 * replaces the old one.
 *
 * @param document A parsed mapping.
 * @param source The file's name, for errors.
 */
export function overridesOf(document: Record<string, unknown>, source: string): ConfigOverride[] {
  const leaves = (mapping: Record<string, unknown>, path: string): ConfigOverride[] =>
    Object.entries(mapping).flatMap(([name, value]) => {
      const key = path + name;
      // A name with a dot, such as a varied key, cannot be part of a dotted key, so its mapping is taken whole.
      const isPath = isMapping(value) && !Object.keys(value).some((inner) => inner.includes("."));
      if (!isPath) return [{ key, value, flag: source }];
      // An empty mapping replaces nothing, but its key must be checked like any other.
      if (Object.keys(value).length === 0) return [{ key, value, flag: source, keeps: true }];
      return leaves(value, `${key}.`);
    });
  return leaves(document, "");
}

/**
 * Returns a parsed YAML document with overrides applied; the document itself is not changed.
 *
 * @param document The parsed document; its keys are not checked here.
 * @param overrides Replaced keys; later ones win.
 * @param place The top of the document, for errors.
 * @returns A new document.
 * @throws UsageError if a text is not KEY=VALUE; Error if a key leads into something that is no mapping, or too deep.
 */
export function withOverrides(
  document: unknown,
  overrides: readonly ConfigOverride[],
  place: Place,
): unknown {
  return overrides.reduce<unknown>((tree, override) => {
    const value = overrideValue(override);
    const at = { ...place, sourceOf: () => overrideSource(override) };
    const path = overrideKey(override).split(".");
    if (path.length > MAX_DEPTH) fail(at, `a key must have at most ${MAX_DEPTH} names`, path.length);
    const keeps = typeof override !== "string" && override.keeps === true;
    return withValue(tree, path, value, keeps, at);
  }, document);
}

function withValue(
  tree: unknown,
  path: readonly string[],
  value: unknown,
  keeps: boolean,
  place: Place,
): unknown {
  if (path.length === 0) return keeps && isMapping(tree) ? tree : value;
  const mapping = tree ?? {};
  if (!isMapping(mapping)) fail(place, `expected a mapping that can hold "${path.join(".")}"`, mapping);
  const name = path[0]!;
  const rest = path.slice(1);
  const child = Object.hasOwn(mapping, name) ? mapping[name] : undefined;
  const at = { ...place, path: place.path ? `${place.path}.${name}` : name };
  return { ...mapping, [name]: withValue(child, rest, value, keeps, at) };
}

function equalsIn(text: string): number {
  const index = text.indexOf("=");
  if (index < 1) {
    const rule = "expected KEY=VALUE, such as train.epochs=5";
    throw new UsageError(errorMessage({ act: "use", subject: `--set ${text}`, rule }));
  }
  return index;
}

function valueOf(text: string): unknown {
  try {
    return parseYaml(text.slice(equalsIn(text) + 1));
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    const rule = `expected a YAML value after "=", ${error.rule}`;
    throw new UsageError(errorMessage({ act: "use", subject: `--set ${text}`, rule }), { cause: error });
  }
}
