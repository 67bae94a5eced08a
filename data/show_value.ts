/** The most characters of a value that an error shows. */
const SHOWN = 80;

/**
 * Writes a value as an error shows it: JSON, cut after 80 characters.
 *
 * @param value Any parsed YAML or JSON value, however large; only the part that is shown is written.
 */
export function showValue(value: unknown): string {
  const text = startOfJson(value);
  return text.length > SHOWN ? text.slice(0, SHOWN - 1) + "…" : text;
}

/** Writes the JSON of a value, or at least as much of it as there is room for. */
function startOfJson(value: unknown, room = SHOWN): string {
  // Every level of nesting adds a bracket, so deep documents end here.
  if (room < 0) return "";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 2 * SHOWN));
  if (typeof value !== "object" || value === null || value instanceof Date) return String(value);
  const isList = Array.isArray(value);
  let text = isList ? "[" : "{";
  // Aliases can make a small YAML document enormous, so the rest is not visited.
  for (const key in value) {
    if (text.length > room) return text;
    if (text.length > 1) text += ",";
    if (!isList) text += `${JSON.stringify(key)}:`;
    text += startOfJson((value as Record<string, unknown>)[key], room - text.length);
  }
  return text + (isList ? "]" : "}");
}
