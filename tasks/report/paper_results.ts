/** The numbers that the paper reports, read from experiments/paper_results.yaml. */
import { fileURLToPath } from "node:url";
import { closedObject, listOf, mapOf, maybe, whole } from "../../data/schema/file_shapes.ts";
import { orNull } from "../../data/schema/mappings.ts";
import { anyText, finite, flag, scalar, type Shape } from "../../data/schema/shapes.ts";
import { readShape } from "../config/place.ts";
import { readYaml } from "../config/read_config.ts";
import type { PaperResults } from "./report_data.ts";

const BY_SPLIT = listOf(orNull(finite()));
const ROW = closedObject({ system: anyText(), adapt: flag(), cited: maybe(flag()), f1: mapOf(finite()) });

/** The file's shape. */
export const PAPER_RESULTS: Shape<PaperResults> = closedObject({
  source: anyText(),
  dataSets: mapOf(
    closedObject({ sentences: BY_SPLIT, entities: BY_SPLIT, types: whole(1), remark: anyText() }),
  ),
  tables: mapOf(listOf(ROW)),
  remarks: mapOf(anyText()),
  settings: mapOf(scalar()),
});

/**
 * Reads the paper's numbers from the file that comes with the toolkit.
 *
 * @throws If it has another shape.
 */
export async function readPaperResults(): Promise<PaperResults> {
  const path = fileURLToPath(new URL("../../experiments/paper_results.yaml", import.meta.url));
  return readShape(PAPER_RESULTS, await readYaml(path), { path: "", sourceOf: () => path });
}
