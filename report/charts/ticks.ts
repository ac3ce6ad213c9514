// Where an axis begins and ends and which values it names: round numbers, and few of them.

export interface AxisRange {
  readonly min: number;
  readonly max: number;
  /** The named values, rising, all within the range. */
  readonly ticks: readonly number[];
}

/** A linear axis about [low, high], from tick to tick in about `wanted` steps of 1, 2 or 5 x 10^n. */
export function linearRange(low: number, high: number, wanted = 5): AxisRange {
  const end = high > low ? high : low + (Math.abs(low) || 1);
  const rough = (end - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough * 0.999)!;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(end / step - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
  return { min: ticks[0]!, max: ticks.at(-1)!, ticks };
}

/** The narrowest logarithmic axis, end over beginning: wide enough for two ticks, and to set a single point apart. */
const narrowest = 6;

/** A logarithmic axis with room beside the whole numbers `low` and `high` (1 or more), and 2 to 9 ticks. */
export function logRange(low: number, high: number): AxisRange {
  const centre = Math.sqrt(low * high);
  const widening = Math.max(Math.sqrt(high / low) * 1.3, Math.sqrt(narrowest));
  const [min, max] = [centre / widening, centre * widening];
  const decades = Math.log10(max / min);
  const mantissas = decades < 1.3 ? [1, 2, 5] : decades < 3 ? [1, 3] : [1];
  const stride = Math.ceil(decades / 9);
  const [from, to] = [Math.floor(Math.log10(min)), Math.ceil(Math.log10(max))];
  const exponents = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const ticks = exponents
    .filter((exponent) => exponent % stride === 0)
    .flatMap((exponent) => mantissas.map((mantissa) => mantissa * 10 ** exponent))
    .filter((tick) => tick >= min && tick <= max);
  return { min, max, ticks };
}
