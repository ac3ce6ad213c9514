// Validation by rungs: the hardest samples first, and no further once the mistakes made suffice to be dominated.
import { selectSamples, type Samples } from '../../src/data/samples.ts';
import type { Program } from '../../src/engine/engine.ts';
import { ConfusionCounter, predictedClasses, type Confusion } from '../../src/training/confusion.ts';
import { measure } from '../../src/training/measure.ts';
import type { ErrorToBeat } from '../objectives/run-objectives.ts';
import type { Validation } from './job.ts';
import { hardestFirst } from './sample-difficulty.ts';

/** Looks at the mistakes so far, at equal distances. They are certain, so that many looks risk no more than one. */
const rungs = 8;

/** Errors are counts over the number of samples, up to rounding. */
const rounding = 1e-6;

/** What decides where a validation ends. */
export interface ValidationRungs {
  /** Null: nothing beats the candidate but for its error, so all samples are looked at. */
  readonly toBeat: ErrorToBeat | null;
  /** Of each validation sample, the share of networks that got it wrong so far; null: not known. */
  readonly difficulty: Float32Array | null;
}

/** What was measured of the program's one network. */
export interface Validated {
  readonly validation: Validation;
  /** Of the samples seen. */
  readonly confusion: Confusion;
  /** Positions of the samples it got wrong, of those seen, ascending. */
  readonly mistakes: readonly number[];
}

/**
 * Whether so many mistakes, of the `total` of samples that there are, are too many, however the rest may turn out: a
 * lower bound on the error that holds for certain.
 */
export function isBeaten(mistakes: number, total: number, { above, at }: ErrorToBeat): boolean {
  return mistakes > above * total + rounding || (at !== null && mistakes >= at * total - rounding);
}

/**
 * Measures on all samples; with an error to beat the hardest eighth of them first, then eighth by eighth until
 * `isBeaten`. Networks err on much the same samples, so that what is beaten mostly shows it in the first eighth.
 *
 * Error and loss of a validation that ended early are estimates for all samples: what was seen, divided by the share of
 * all mistakes that the samples seen have by their difficulty (a ratio estimate; Cochran 1977, "Sampling Techniques",
 * chapter 6). As that share is at most 1, the error is never below the mistakes over all samples.
 */
export async function validateByRungs(
  program: Program,
  samples: Samples,
  { toBeat, difficulty }: ValidationRungs,
): Promise<Validated> {
  const { count: total, classes } = samples;
  const confusion = new ConfusionCounter(classes);
  const mistakes: number[] = [];
  const order = toBeat && hardestFirst(difficulty, total);
  let seen = 0;
  let loss = 0;
  for (const end of order ? ends(total) : [total]) {
    const positions = order?.slice(seen, end);
    const part = positions ? selectSamples(samples, positions) : samples;
    const [metrics] = await measure(program, part, {
      onOutputs: (_, outputs, rows) => {
        predictedClasses(outputs, classes).forEach((predicted, at) => {
          const row = rows[at]!;
          const label = part.labels[row]!;
          confusion.add(label, predicted);
          if (predicted !== label) mistakes.push(positions?.[row] ?? row);
        });
      },
    });
    loss += metrics!.loss * part.count;
    seen = end;
    if (toBeat && isBeaten(mistakes.length, total, toBeat)) break;
  }
  // Rounding must not leave less than what was seen: that would be an error above 1.
  const whole = order && seen < total ? Math.max(seen, shareOfMistakes(order, seen, difficulty) * total) : total;
  return {
    validation: { error: mistakes.length / whole, loss: loss / whole, samples: seen },
    confusion: confusion.counts,
    mistakes: mistakes.toSorted((a, b) => a - b),
  };
}

/** Where each rung ends. */
function ends(total: number): Set<number> {
  return new Set(Array.from({ length: rungs }, (_, rung) => Math.ceil((total * (rung + 1)) / rungs)));
}

/** The share of all mistakes that is to be expected at the first so many samples of the order: 1 at most. */
function shareOfMistakes(order: readonly number[], seen: number, difficulty: Float32Array | null): number {
  const sum = (positions: readonly number[], from = 0): number =>
    positions.reduce((rates, position) => rates + difficulty![position]!, from);
  const expected = difficulty ? sum(order.slice(0, seen)) : 0;
  return expected === 0 ? seen / order.length : expected / sum(order.slice(seen), expected);
}
