/** How much of a value an error shows. */
const SHOWN = 80;

/**
 * Writes a value as an error shows it: JSON, cut after 80 characters.
 *
 * @param value Any parsed YAML or JSON value, however large: no more of it is written than is shown.
 */
export function showValue(value: unknown): string {
  const text = startOfJson(value);
  return text.length > SHOWN ? text.slice(0, SHOWN - 1) + "…" : text;
}

/** The JSON of a value, or a beginning of it that is longer than the room. */
function startOfJson(value: unknown, room = SHOWN): string {
  // However deep a document is nested: a bracket a level is shown.
  if (room < 0) return "";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 2 * SHOWN));
  if (typeof value !== "object" || value === null || value instanceof Date) return String(value);
  const isList = Array.isArray(value);
  let text = isList ? "[" : "{";
  // Aliases can make a small YAML document as large as they like, so the rest is not even looked at.
  for (const key in value) {
    if (text.length > room) return text;
    if (text.length > 1) text += ",";
    if (!isList) text += `${JSON.stringify(key)}:`;
    text += startOfJson((value as Record<string, unknown>)[key], room - text.length);
  }
  return text + (isList ? "]" : "}");
}
