/**
 * The part of `jsr:@std/yaml` that the toolkit uses, over npm's `yaml`, for machines that reach npm but not
 * JSR. Same names, arguments and meaning; remove the `links` entry of deno.json to use the original.
 */
import * as yaml from "npm:yaml@2.8.1";

/** Parses one YAML document; throws a SyntaxError with line and column, also for a tag that is not known. */
export function parse(text: string): unknown {
  const document = yaml.parseDocument(text, { prettyErrors: true, uniqueKeys: true });
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem) throw new SyntaxError(problem.message, { cause: problem });
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new SyntaxError((error as Error).message, { cause: error });
  }
}

/** Writes plain data as YAML. */
export function stringify(data: unknown): string {
  return yaml.stringify(data, { lineWidth: 110 });
}
