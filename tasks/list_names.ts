/** Lists the first names as text, with the number of further ones: "a, b and 3 more". */
export function listNames(names: readonly string[], most = 8): string {
  const rest = names.length - most;
  return names.slice(0, most).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
