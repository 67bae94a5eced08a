/** The core schema of YAML 1.2.2 (section 10.3.2), to the letter. */
import type { ImplicitType } from "@std/yaml/unstable-parse";

const INTEGER = /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/;
const DECIMAL = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const NOT_FINITE = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** A scalar that is no text, as long as the document is parsed: an alias of what is falsy would not be noticed. */
export class Scalar {
  constructor(readonly value: null | boolean | number) {}
  /** As a key, it is text. */
  toString(): string {
    return String(this.value);
  }
  /** Else, as a key, it would be taken for a mapping. */
  get [Symbol.toStringTag](): string {
    return "Scalar";
  }
}

/**
 * Reads plain text as null, true, false or a number where the specification does, and leaves all else text.
 *
 * The parser's own core schema reads more than that as numbers: `1_000` and `0b11`, which are text to other programs.
 */
export const CORE_SCHEMA: ImplicitType[] = [
  scalar("null", /^(?:~|null|Null|NULL|)$/, () => null),
  scalar("bool", /^(?:true|True|TRUE|false|False|FALSE)$/, (text) => /^t/i.test(text)),
  // The number of "-0" is 0, as an integer has no other.
  scalar("int", INTEGER, (text) => Number(text) + 0),
  scalar("float", { test: (text) => DECIMAL.test(text) || NOT_FINITE.test(text) }, floatOf),
];

function floatOf(text: string): number {
  if (!NOT_FINITE.test(text)) return Number(text);
  return /nan/i.test(text) ? NaN : text.startsWith("-") ? -Infinity : Infinity;
}

function scalar(
  name: string,
  form: Pick<RegExp, "test">,
  construct: (text: string) => Scalar["value"],
): ImplicitType {
  return {
    tag: `tag:yaml.org,2002:${name}`,
    kind: "scalar",
    // Where there is nothing but a tag, the parser hands over null.
    resolve: (text: string | null) => form.test(text ?? ""),
    construct: (text: string) => new Scalar(construct(text)),
  };
}
