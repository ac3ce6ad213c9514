// Interval arithmetic over layers: what is known of a value's bounds without looking at data.
import type { Params } from '../network/network.ts';

/** A closed interval; infinite bounds mean "unknown". */
export interface Range {
  readonly low: number;
  readonly high: number;
}

export const anything: Range = { low: -Infinity, high: Infinity };

/** Outputs of a layer with such a weight and bias: the bias alone where the weight is still all zeros. */
export function rangeOfWeights({ weight, bias }: Params): Range {
  if (weight!.data.some((value) => value !== 0)) return anything;
  const [low, high] = bias ? [Math.min, Math.max].map((end) => bias.data.reduce((a, b) => end(a, b))) : [0, 0];
  return { low: low!, high: high! };
}

/** The smallest interval that holds all of these. */
export function hull(ranges: readonly Range[]): Range {
  return {
    low: Math.min(...ranges.map((range) => range.low)),
    high: Math.max(...ranges.map((range) => range.high)),
  };
}

export function sum(ranges: readonly Range[]): Range {
  return {
    low: ranges.reduce((total, range) => total + range.low, 0),
    high: ranges.reduce((total, range) => total + range.high, 0),
  };
}

/** The interval times a constant, with 0 * infinity taken as 0. */
export function scaled(range: Range, factor: number): Range {
  if (factor === 0) return { low: 0, high: 0 };
  const bounds = [range.low * factor, range.high * factor];
  return { low: Math.min(...bounds), high: Math.max(...bounds) };
}
