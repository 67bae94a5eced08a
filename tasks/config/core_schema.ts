/** The core schema of YAML 1.2.2 (section 10.3.2), to the letter. */
// @ts-types="npm:@types/js-yaml@4.0.9"
import yaml from "npm:js-yaml@4.1.1";

const INTEGER = /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/;
const DECIMAL = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const NOT_FINITE = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/**
 * Reads plain text as null, true, false or a number where the specification does, and leaves all else text.
 *
 * js-yaml's own core schema reads more than that as numbers: `1_000` and `0b11`, which are text to other programs.
 */
export const CORE_SCHEMA: yaml.Schema = yaml.FAILSAFE_SCHEMA.extend({
  implicit: [
    scalar("null", /^(?:~|null|Null|NULL|)$/, () => null),
    scalar("bool", /^(?:true|True|TRUE|false|False|FALSE)$/, (text) => /^t/i.test(text)),
    // The number of "-0" is 0, as an integer has no other.
    scalar("int", INTEGER, (text) => Number(text) + 0),
    scalar("float", { test: (text) => DECIMAL.test(text) || NOT_FINITE.test(text) }, floatOf),
  ],
});

function floatOf(text: string): number {
  if (!NOT_FINITE.test(text)) return Number(text);
  return /nan/i.test(text) ? NaN : text.startsWith("-") ? -Infinity : Infinity;
}

function scalar(name: string, form: Pick<RegExp, "test">, construct: (text: string) => unknown): yaml.Type {
  return new yaml.Type(`tag:yaml.org,2002:${name}`, {
    kind: "scalar",
    // Where there is nothing but a tag, js-yaml hands over null.
    resolve: (text: string | null) => form.test(text ?? ""),
    construct,
  });
}
