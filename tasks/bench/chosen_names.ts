/** Flags that list some names of a few: "--only words,cores". */
import { errorMessage, nearestName, UsageError } from "../errors.ts";

/**
 * Reads such a flag.
 *
 * @param flag The flag: "--only".
 * @param text Its value.
 * @param known The names that there are.
 * @throws UsageError for a name that there is not, with the nearest one.
 */
export function chosenNames<const T extends string>(flag: string, text: string, known: readonly T[]): T[] {
  return text.split(",").map((item) => {
    const name = known.find((one) => one === item.trim());
    if (name !== undefined) return name;
    const rule = `must be some of ${known.join(", ")}`;
    const suggestion = nearestName(item.trim(), known);
    throw new UsageError(errorMessage({ act: "use", subject: flag, rule, value: item.trim(), suggestion }));
  });
}
