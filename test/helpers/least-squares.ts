// Direct least squares in float64 on the data itself, by Gram-Schmidt: the oracle for fits from accumulated sums.

/** Rows of one position each: [positions, channels]. */
export interface Rows {
  readonly channels: number;
  readonly data: readonly Float64Array[];
}

/** [batch, channels, plane] -> one row for each sample and pixel. */
export function rowsOf(values: ArrayLike<number>, batch: number, channels: number): Rows {
  const plane = values.length / batch / channels;
  const data = Array.from({ length: batch * plane }, (_, row) => {
    const [sample, pixel] = [Math.floor(row / plane), row % plane];
    return Float64Array.from({ length: channels }, (_, c) => values[(sample * channels + c) * plane + pixel]!);
  });
  return { channels, data };
}

/**
 * Sum of squares of what is left of Y when X and a constant have explained all they can. A column of X that is all but
 * a ten-thousandth made of those before it counts as made of them: such remains are where a ridge differs most.
 */
export function leastSquaresError(x: Rows, y: Rows): number {
  const basis: Float64Array[] = [];
  const columns = [new Float64Array(x.data.length).fill(1), ...columnsOf(x)];
  for (const column of columns) {
    const left = residual(column, basis);
    if (norm(left) > 1e-4 * norm(column)) basis.push(left.map((value) => value / norm(left)));
  }
  return columnsOf(y).reduce((sum, column) => sum + norm(residual(column, basis)) ** 2, 0);
}

/** Sum of squared errors of Y = X W + b, with `values` [inputs + 1, outputs]. */
export function predictionError(x: Rows, y: Rows, values: ArrayLike<number>): number {
  let total = 0;
  x.data.forEach((row, at) => {
    for (let k = 0; k < y.channels; k++) {
      let predicted = values[x.channels * y.channels + k]!;
      row.forEach((value, i) => (predicted += value * values[i * y.channels + k]!));
      total += (y.data[at]![k]! - predicted) ** 2;
    }
  });
  return total;
}

/** Sum of squared differences from each channel's mean. */
export function variation(y: Rows): number {
  return columnsOf(y).reduce((sum, column) => {
    const mean = column.reduce((total, value) => total + value, 0) / column.length;
    return sum + norm(column.map((value) => value - mean)) ** 2;
  }, 0);
}

function columnsOf({ channels, data }: Rows): Float64Array[] {
  return Array.from({ length: channels }, (_, c) => Float64Array.from(data, (row) => row[c]!));
}

/** What is left of a column outside the span of an orthonormal basis; twice, because once loses digits. */
function residual(column: Float64Array, basis: readonly Float64Array[]): Float64Array {
  const left = Float64Array.from(column);
  for (let pass = 0; pass < 2; pass++) {
    for (const direction of basis) {
      const share = direction.reduce((sum, value, at) => sum + value * left[at]!, 0);
      direction.forEach((value, at) => (left[at]! -= share * value));
    }
  }
  return left;
}

function norm(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
