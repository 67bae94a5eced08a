/**
 * The part of `jsr:@std/yaml` that the toolkit uses, over npm's `js-yaml`, of which the original is a port, for
 * machines that reach npm but not JSR. Same names, arguments and meaning; remove the `links` entry of deno.json
 * to use the original.
 */
import yaml from "npm:js-yaml@4.1.1";

/** What js-yaml throws. */
interface YamlError {
  reason: string;
  mark?: { line: number; column: number };
}

/** Parses one YAML document; an empty one is null. Throws a SyntaxError with line and column. */
export function parse(text: string, { schema = "default" }: { schema?: "core" | "default" } = {}): unknown {
  try {
    return yaml.load(text, { schema: schema === "core" ? yaml.CORE_SCHEMA : yaml.DEFAULT_SCHEMA }) ?? null;
  } catch (error) {
    if (!(error instanceof yaml.YAMLException)) throw error;
    const { reason, mark } = error as YamlError;
    const place = mark ? ` at line ${mark.line + 1}, column ${mark.column + 1}` : "";
    throw new SyntaxError(`${reason}${place}`, { cause: error });
  }
}

/** Writes plain data as YAML. */
export function stringify(data: unknown): string {
  return yaml.dump(data, { lineWidth: 110 });
}
