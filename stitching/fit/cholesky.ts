// Solves symmetric positive definite systems, and leaves out what rounding made indefinite.

export interface PositiveDefiniteSolution {
  /** [size, columns]. */
  readonly solution: Float64Array;
  /** Whether every pivot was as large as it must be. */
  readonly steady: boolean;
}

/**
 * The solution of S X = B for a symmetric matrix S [size, size] and B [size, columns], row-major; neither is changed.
 *
 * Exact arithmetic would find no pivot below S's smallest eigenvalue. Where one falls below `smallestPivot`, S is known
 * too roughly to be solved for that unknown: it is set to zero and the rest is solved, which is finite but not steady.
 */
export function solvePositiveDefinite(
  matrix: Float64Array,
  size: number,
  right: Float64Array,
  columns: number,
  smallestPivot: number,
): PositiveDefiniteSolution {
  const { upper, inverse } = factorise(matrix, size, smallestPivot);
  const solution = right.slice();
  const subtractRow = (from: number, factor: number, to: number): void => {
    const [source, target] = [from * columns, to * columns];
    for (let k = 0; k < columns; k++) solution[target + k]! -= factor * solution[source + k]!;
  };
  const scaleRow = (row: number): void => {
    for (let k = 0; k < columns; k++) solution[row * columns + k]! *= inverse[row]!;
  };
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) subtractRow(j, upper[j * size + i]!, i);
    scaleRow(i);
  }
  for (let i = size - 1; i >= 0; i--) {
    scaleRow(i);
    for (let j = 0; j < i; j++) subtractRow(i, upper[j * size + i]!, j);
  }
  return { solution, steady: inverse.every((entry) => entry > 0) };
}

/** The transpose of the Cholesky factor above its diagonal, and the inverse of the diagonal (0 for a row left out). */
function factorise(
  matrix: Float64Array,
  size: number,
  smallestPivot: number,
): { upper: Float64Array; inverse: Float64Array } {
  const upper = new Float64Array(size * size);
  const inverse = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    const rest = matrix.slice(i * size, i * size + i + 1);
    for (let j = 0; j < i; j++) {
      const entry = rest[j]! * inverse[j]!;
      upper[j * size + i] = entry;
      // Along a row of the transpose: a sum down to one number would wait for itself at every term.
      for (let k = j + 1; k <= i; k++) rest[k]! -= entry * upper[j * size + k]!;
    }
    inverse[i] = rest[i]! >= smallestPivot ? 1 / Math.sqrt(rest[i]!) : 0;
  }
  return { upper, inverse };
}
