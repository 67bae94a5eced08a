/** Places of values in a document, and the errors that name them. */
import { checkValue } from "../../data/schema/check_value.ts";
import type { Shape } from "../../data/schema/shapes.ts";
import { errorMessage, nearestName } from "../errors.ts";

/** The place of a value: its YAML path, and the file or flag that it came from. */
export interface Place {
  /** Keys from the top, joined by dots: "train.epochs", "seeds[2]"; "" for the whole document. */
  readonly path: string;
  /** Returns the file or flag in which the value at a path was written. */
  readonly sourceOf: (path: string) => string;
}

/** Throws the error of a value that breaks a rule. */
export function fail(place: Place, rule: string, value: unknown, suggestion?: string): never {
  const subject = place.path || "the document";
  const parts = { act: "use", subject, place: place.sourceOf(place.path), rule, suggestion };
  throw new Error(errorMessage({ ...parts, value }));
}

/**
 * Reads a parsed document by its shape.
 *
 * @param place The top of the document.
 * @throws Error if it has another shape, naming the path, the expected value and the nearest known name.
 */
export function readShape<T>(shape: Shape<T>, document: unknown, place: Place): T {
  const { value, problem } = checkValue(shape, document);
  if (problem === undefined) return value;
  const { path, rule, name = "", isUnknownKey, known } = problem;
  const meant = nearestName(name, known);
  // The suggestion for an unknown key is its whole path.
  const suggestion = meant && isUnknownKey ? path.slice(0, -name.length) + meant : meant;
  fail({ ...place, path }, rule, problem.value, suggestion);
}
