/** How much of a text an error shows. */
const SHOWN = 80;

/**
 * Words a parsed JSON value for an error message: short, on one line, and however large or deep the value is, no
 * more of it is looked at than is shown.
 *
 * @param value Anything that `JSON.parse` gives, or `undefined`.
 * @returns A scalar as JSON, cut after 80 characters; of a list or an object only what it is.
 */
export function showValue(value: unknown): string {
  if (typeof value === "string") {
    const shown = JSON.stringify(value.slice(0, SHOWN));
    return value.length > SHOWN ? `${shown.slice(0, -1)}…"` : shown;
  }
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  return String(value);
}
