/**
 * The part of `jsr:@std/yaml/unstable-parse` that the toolkit uses, for machines that reach npm but not JSR. Same
 * names, arguments and meaning; remove the `links` entry of deno.json to use the original.
 *
 * It stands on version 3 of js-yaml, of which the original is a port: version 4 refuses and reads other documents.
 */
// @ts-types="npm:@types/js-yaml@3.12.10"
import yaml from "npm:js-yaml@3.14.2";

/** How plain text of some form is read. */
export interface ImplicitType {
  tag: string;
  kind: "scalar";
  /** Whether a text has the form; null where there is nothing but the tag. */
  // deno-lint-ignore no-explicit-any
  resolve: (data: any) => boolean;
  // deno-lint-ignore no-explicit-any
  construct: (data: any) => any;
}

/** The names of schemas of the original that mean the same in js-yaml. */
export type SchemaType = "failsafe";

/** Options as in the original. */
export interface ParseOptions {
  schema: SchemaType;
  /** Types that come before those of the schema. */
  extraTypes?: ImplicitType[];
}

/** Parses one YAML document; an empty one is null. Throws a SyntaxError with line, column and a piece of the text. */
export function parse(content: string, { extraTypes = [] }: ParseOptions): unknown {
  const schema = new yaml.Schema({
    include: [yaml.FAILSAFE_SCHEMA],
    implicit: extraTypes.map(({ tag, kind, resolve, construct }) =>
      new yaml.Type(tag, { kind, resolve, construct })
    ),
    explicit: [],
  });
  try {
    return yaml.load(content, { schema }) ?? null;
  } catch (error) {
    if (!(error instanceof yaml.YAMLException)) throw error;
    throw new SyntaxError(error.message, { cause: error });
  }
}
