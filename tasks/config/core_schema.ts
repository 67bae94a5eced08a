/** The core schema of YAML 1.2.2 (section 10.3.2), to the letter. */
import type { ImplicitType } from "@std/yaml/unstable-parse";

const INTEGER = /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/;
const DECIMAL = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const NOT_FINITE = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** A scalar other than text, wrapped while the document is parsed, as the parser overlooks aliases of falsy values. */
export class Scalar {
  constructor(readonly value: null | boolean | number) {}
  /** Returns the text of the scalar where it is used as a key. */
  toString(): string {
    return String(this.value);
  }
  /** A tag that keeps the parser from taking a key for a mapping. */
  get [Symbol.toStringTag](): string {
    return "Scalar";
  }
}

/**
 * Types that read plain text as null, true, false or a number where the specification does, and leave the rest text.
 *
 * The parser's own core schema also reads `1_000` and `0b11` as numbers, which are text to other programs.
 */
export const CORE_SCHEMA: ImplicitType[] = [
  scalar("null", /^(?:~|null|Null|NULL|)$/, () => null),
  scalar("bool", /^(?:true|True|TRUE|false|False|FALSE)$/, (text) => /^t/i.test(text)),
  // "-0" is read as 0, as integers have no negative zero.
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
    // The parser passes null where there is nothing but a tag.
    resolve: (text: string | null) => form.test(text ?? ""),
    construct: (text: string) => new Scalar(construct(text)),
  };
}
