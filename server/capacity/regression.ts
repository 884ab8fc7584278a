/** Ordinary least squares; small and dense, for some columns and some thousand rows. */
interface Fit {
  readonly coefficients: readonly number[];
  /** Standard error of each coefficient. */
  readonly errors: readonly number[];
  /** Standard deviation of the residuals. */
  readonly residual: number;
  readonly rows: number;
}

/** Undefined when the columns do not tell the coefficients apart, or there are fewer rows than unknowns. */
export function leastSquares(rows: readonly (readonly number[])[], y: readonly number[]): Fit | undefined {
  const width = rows[0]?.length ?? 0;
  if (width === 0 || rows.length <= width) return undefined;
  const normal = Array.from({ length: width }, () => new Float64Array(width));
  const right = new Float64Array(width);
  for (const [index, row] of rows.entries())
    for (let i = 0; i < width; i += 1) {
      right[i] = (right[i] ?? 0) + (row[i] ?? 0) * (y[index] ?? 0);
      const line = normal[i];
      if (line === undefined) continue;
      for (let j = 0; j < width; j += 1) line[j] = (line[j] ?? 0) + (row[i] ?? 0) * (row[j] ?? 0);
    }
  const inverse = invert(normal);
  if (inverse === undefined) return undefined;
  const coefficients = inverse.map((line) =>
    line.reduce((sum, value, j) => sum + value * (right[j] ?? 0), 0),
  );
  let squares = 0;
  for (const [index, row] of rows.entries()) {
    const predicted = row.reduce((sum, value, j) => sum + value * (coefficients[j] ?? 0), 0);
    squares += ((y[index] ?? 0) - predicted) ** 2;
  }
  const variance = squares / (rows.length - width);
  return {
    coefficients,
    errors: inverse.map((line, i) => Math.sqrt(Math.max(0, (line[i] ?? 0) * variance))),
    residual: Math.sqrt(variance),
    rows: rows.length,
  };
}

/** Gauss and Jordan with the largest pivot; undefined when it is singular to working precision. */
function invert(matrix: readonly Float64Array[]): Float64Array[] | undefined {
  const size = matrix.length;
  const work = matrix.map((row, i) => {
    const line = new Float64Array(2 * size);
    line.set(row);
    line[size + i] = 1;
    return line;
  });
  const scale = Math.max(...matrix.map((row, i) => Math.abs(row[i] ?? 0)));
  for (let column = 0; column < size; column += 1) {
    let pivot = column;
    for (let row = column + 1; row < size; row += 1)
      if (Math.abs(work[row]?.[column] ?? 0) > Math.abs(work[pivot]?.[column] ?? 0)) pivot = row;
    const top = work[pivot];
    const here = work[column];
    if (top === undefined || here === undefined || Math.abs(top[column] ?? 0) <= scale * 1e-13)
      return undefined;
    work[pivot] = here;
    work[column] = top;
    const by = top[column] ?? 1;
    for (let j = 0; j < 2 * size; j += 1) top[j] = (top[j] ?? 0) / by;
    for (const [row, line] of work.entries()) {
      const factor = line[column] ?? 0;
      if (row === column || factor === 0) continue;
      for (let j = 0; j < 2 * size; j += 1) line[j] = (line[j] ?? 0) - factor * (top[j] ?? 0);
    }
  }
  return work.map((line) => line.slice(size));
}

/** Two-sided 95 % quantile of Student's t (Hill's expansion around the normal quantile; within 0.3 % from 5 degrees of freedom). */
export function student95(degrees: number): number {
  const z = 1.959_964;
  const g1 = (z ** 3 + z) / 4;
  const g2 = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const g3 = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + g1 / degrees + g2 / degrees ** 2 + g3 / degrees ** 3;
}
