/** Principal component analysis of the rows of a small table. */
import { Matrix, SVD } from "npm:ml-matrix@6.15.1";

/** Rows in the coordinates of their principal components. */
export interface PrincipalComponents {
  /** For each row its place on each component, [n][nComponents]. */
  points: number[][];
  /** Part of the variance that each component has, falling, [nComponents]. */
  explained: number[];
  /** Directions of unit length, [nComponents][D]; of zeros for a component that has no variance. */
  loadings: number[][];
}

/**
 * Singular values this small, relative to the norm of the table, are what is left by rounding: float32 tables are
 * known to 6e-8 and computed on here to 2e-16.
 */
const ROUNDING = 1e-12;
/** Loadings that differ by less than this are equally large. */
const TIE = 1e-9;

/**
 * Principal components by the singular value decomposition of the centred table, not scaled, in float64.
 *
 * A component's sign is arbitrary; here its largest loading by absolute value is positive, the first of several
 * equally large ones (scikit-learn's convention from 1.5 on). Components beyond the rank of the table have places,
 * share and loadings 0.
 *
 * @param rows n rows of D finite numbers; at least one of each.
 * @param nComponents How many components to give.
 *
 * @example
 * ```ts
 * import { principalComponents } from "@laner/laner";
 *
 * const { points, explained } = principalComponents([[0, 0], [4, 0], [0, 2], [4, 2]], 1);
 * console.log(points.flat().map(Math.round)); // [-2, 2, -2, 2]
 * console.log(explained[0]!.toFixed(3)); // 0.800
 * ```
 */
export function principalComponents(
  rows: readonly (readonly number[])[],
  nComponents: number,
): PrincipalComponents {
  const table = new Matrix(rows.map((row) => [...row]));
  const norm = table.norm();
  const centred = table.center("column");
  const { diagonal, rightSingularVectors } = new SVD(centred, { autoTranspose: true });
  const total = diagonal.reduce((sum, value) => sum + value * value, 0);
  const result: PrincipalComponents = { points: rows.map(() => []), explained: [], loadings: [] };
  for (let c = 0; c < nComponents; c++) {
    const value = diagonal[c] ?? 0;
    const exists = value > ROUNDING * norm;
    const direction = exists ? withSign(rightSingularVectors.getColumn(c)) : rows[0]!.map(() => 0);
    const places = centred.mmul(Matrix.columnVector(direction)).getColumn(0);
    places.forEach((place, row) => result.points[row]!.push(place));
    result.explained.push(exists ? value * value / total : 0);
    result.loadings.push(direction);
  }
  return result;
}

function withSign(direction: number[]): number[] {
  const largest = Math.max(...direction.map(Math.abs));
  const sign = Math.sign(direction.find((loading) => Math.abs(loading) >= largest * (1 - TIE))!);
  return direction.map((loading) => sign * loading);
}
