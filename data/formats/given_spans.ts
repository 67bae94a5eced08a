/** Entities with places as a file counts them. */
import { createOffsetConverter, type OffsetUnit } from "../text/offsets.ts";
import type { RecordId, TextEntity } from "./data_record.ts";

/** An entity as a file gives it. */
export interface GivenSpan {
  start: number;
  end: number;
  entityType: string;
  id?: RecordId | undefined;
  /** Its text, where the file repeats it. */
  text?: string | undefined;
}

/**
 * Finds the places of entities in their text.
 *
 * @param problem Writes an error from a rule and a value.
 * @returns The entities, and the errors of those that are not there.
 */
export function placeSpans(
  text: string,
  spans: readonly GivenSpan[],
  unit: OffsetUnit,
  problem: (rule: string, value: string) => string,
): { entities: TextEntity[]; problems: string[] } {
  const { toUtf16 } = createOffsetConverter(text, unit);
  const entities: TextEntity[] = [];
  const problems: string[] = [];
  for (const span of spans) {
    const [start, end] = [toUtf16(span.start), toUtf16(span.end)];
    const shown = `${span.start} to ${span.end} (${span.entityType})`;
    if (start === undefined || end === undefined || start >= end) {
      problems.push(problem(`a span must lie in its text, between characters, in ${unit} (offsets)`, shown));
      continue;
    }
    const found = text.slice(start, end);
    if (span.text !== undefined && plain(span.text) !== plain(found)) {
      const rule = `a span must cover the text that is given with it, ${JSON.stringify(span.text)}; ` +
        `it covers ${JSON.stringify(found)} in ${unit} (offsets)`;
      problems.push(problem(rule, shown));
      continue;
    }
    entities.push({
      start,
      end,
      entityType: span.entityType,
      ...(span.id === undefined ? {} : { id: span.id }),
    });
  }
  return { entities, problems };
}

/** Returns the entities of a text in the unit of a format. */
export function writtenSpans(text: string, entities: readonly TextEntity[], unit: OffsetUnit): GivenSpan[] {
  const { fromUtf16 } = createOffsetConverter(text, unit);
  return entities.map(({ start, end, entityType, id }) => ({
    start: fromUtf16(start)!,
    end: fromUtf16(end)!,
    entityType,
    id,
    text: text.slice(start, end),
  }));
}

/** Tools write line ends and runs of spaces within an entity in several ways. */
function plain(text: string): string {
  return text.replace(/\\[nr]|\s/g, "");
}
