// Learning-rate schedules: the share of the peak rate at each point of a training, as pure functions.
import { expected } from '../errors.ts';

/** `progress` runs from 0 at the first step to 1 after the last; the result is a share of the peak, 0..1. */
export type Schedule = (progress: number) => number;

/** How a schedule begins. */
export interface WarmUp {
  /** Share of the training in which the rate climbs from near 0 to its peak in a straight line (default: 0). */
  readonly warmUp?: number;
}

/** The peak rate throughout. Throws `bad-argument` for a warm-up that is no share, as the other schedules do. */
export function constantSchedule({ warmUp = 0 }: WarmUp = {}): Schedule {
  requireShares('a warm-up', [warmUp]);
  return (progress) => (progress < warmUp ? climb(progress, warmUp) : 1);
}

/** After the warm-up half a cosine down to 0 (Loshchilov and Hutter 2017, equation 5, one cycle). */
export function cosineSchedule({ warmUp = 0 }: WarmUp = {}): Schedule {
  requireShares('a warm-up', [warmUp]);
  return (progress) =>
    progress < warmUp ? climb(progress, warmUp) : 0.5 * (1 + Math.cos((Math.PI * (progress - warmUp)) / (1 - warmUp)));
}

/**
 * The rate is multiplied by `factor` at each of the points `at`, counted as shares of the whole training.
 *
 * Throws `bad-argument` for points that are no shares, such as numbers of epochs, and for a factor below 0.
 */
export function stepSchedule({
  at,
  factor = 0.1,
  warmUp = 0,
}: WarmUp & { readonly at: readonly number[]; readonly factor?: number }): Schedule {
  requireShares('a warm-up', [warmUp]);
  requireShares('points', at);
  if (!(factor >= 0 && factor < Infinity)) throw expected('bad-argument', 'a factor of 0 or more', factor);
  return (progress) =>
    progress < warmUp ? climb(progress, warmUp) : factor ** at.filter((point) => progress >= point).length;
}

/** Of the first step, too, something should be learned: the line starts a little above 0. */
const start = 0.01;

function climb(progress: number, warmUp: number): number {
  return (progress + start) / (warmUp + start);
}

function requireShares(what: string, shares: readonly number[]): void {
  const stray = shares.find((share) => !(share >= 0 && share <= 1));
  if (stray !== undefined) throw expected('bad-argument', `${what} from 0 to 1, shares of the training`, stray);
}
