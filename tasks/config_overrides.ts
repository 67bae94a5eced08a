/** Keys of a configuration that are replaced from the command line, before anything is checked. */
import { parse } from "@std/yaml";
import { isMapping } from "./config_mappings.ts";
import { fail, type Place } from "./config_schema.ts";
import { errorMessage, UsageError } from "./errors.ts";

/** A `--set` text such as "train.epochs=5" (the value is YAML), or a key that another flag gives a value. */
export type ConfigOverride = string | { key: string; value: unknown; flag: string };

/** The dotted key that an override replaces. */
export function overrideKey(override: ConfigOverride): string {
  return typeof override === "string" ? override.slice(0, equalsIn(override)) : override.key;
}

/** The flag that an override was given with, for errors. */
export function overrideSource(override: ConfigOverride): string {
  return typeof override === "string" ? `--set ${override}` : override.flag;
}

/**
 * The keys of a document as overrides, so that it can be laid over another: mappings are gone into, anything else
 * replaces what is there.
 *
 * @param document A parsed mapping.
 * @param source The file's name, for errors.
 */
export function overridesOf(document: Record<string, unknown>, source: string): ConfigOverride[] {
  const leaves = (mapping: Record<string, unknown>, path: string): ConfigOverride[] =>
    Object.entries(mapping).flatMap(([name, value]) => {
      const key = path + name;
      // Names with a dot, as those of varied keys, cannot be part of a dotted key: their mapping is taken whole.
      const isPath = isMapping(value) && !Object.keys(value).some((inner) => inner.includes("."));
      return isPath ? leaves(value, `${key}.`) : [{ key, value, flag: source }];
    });
  return leaves(document, "");
}

/**
 * Puts overrides into a parsed YAML document, which stays as it is.
 *
 * @param document The parsed document; whether its keys are known is not this function's business.
 * @param overrides Replaced keys, later ones over earlier ones.
 * @param place The top of the document, for errors.
 * @returns A new document.
 * @throws UsageError if a text is not KEY=VALUE; Error if a key leads into something that is no mapping.
 */
export function withOverrides(
  document: unknown,
  overrides: readonly ConfigOverride[],
  place: Place,
): unknown {
  return overrides.reduce<unknown>((tree, override) => {
    const value = typeof override === "string" ? valueOf(override) : override.value;
    const at = { ...place, sourceOf: () => overrideSource(override) };
    return withValue(tree, overrideKey(override).split("."), value, at);
  }, document);
}

function withValue(tree: unknown, path: readonly string[], value: unknown, place: Place): unknown {
  if (path.length === 0) return value;
  const mapping = tree ?? {};
  if (!isMapping(mapping)) fail(place, `expected a mapping that can hold "${path.join(".")}"`, mapping);
  const [name, ...rest] = path;
  const child = Object.hasOwn(mapping, name) ? mapping[name] : undefined;
  const at = { ...place, path: place.path ? `${place.path}.${name}` : name };
  return { ...mapping, [name]: withValue(child, rest, value, at) };
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
    return parse(text.slice(equalsIn(text) + 1));
  } catch (error) {
    const rule = `expected a YAML value after "=", ${(error as Error).message.trim()}`;
    throw new UsageError(errorMessage({ act: "use", subject: `--set ${text}`, rule }), { cause: error });
  }
}
