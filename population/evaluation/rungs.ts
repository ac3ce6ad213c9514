// Validation by rungs: an eighth of the samples, a half, all; it stops early for a candidate that is beaten for certain.
import type { Samples } from '../../src/data/samples.ts';
import type { Program } from '../../src/engine/engine.ts';
import { sizeOf } from '../../src/network/tensor.ts';
import { ConfusionCounter, type Confusion } from '../../src/training/confusion.ts';
import { measure } from '../../src/training/measure.ts';
import { hypergeometricTail } from './hypergeometric-tail.ts';
import type { Validation } from './job.ts';

/** Shares of the validation samples after which a candidate may be stopped. */
const stops = [1 / 8, 1 / 2];

/** How likely a candidate that is no worse than its rival may be stopped, over all rungs together. */
const risk = 0.05;

/** What was seen of a candidate so far. */
export interface Seen {
  readonly wrong: number;
  readonly samples: number;
  /** Of the whole validation part. */
  readonly total: number;
}

/**
 * Whether the error over the whole validation part is above `stopAbove` for all that the samples seen, drawn without
 * replacement, leave likely; the estimate from these samples is then above it, too.
 *
 * Were the error no higher, then at most `stopAbove * total` samples would be wrong; the exact hypergeometric test at
 * `risk` over the number of rungs (Bonferroni) rejects that. This is to say that the lower end of the one-sided interval
 * of Buonaccorsi 1987, "A note on confidence intervals for proportions in finite populations", is above `stopAbove`.
 */
export function isBeaten({ wrong, samples, total }: Seen, stopAbove: number): boolean {
  if (wrong / samples <= stopAbove) return false;
  // An error is a count over the total, up to rounding.
  const marked = Math.floor(stopAbove * total + 1e-6);
  return hypergeometricTail(wrong, { population: total, marked, drawn: samples }) < risk / stops.length;
}

/** Validation metrics and class-wise counts of the program's one network. */
export interface Validated {
  readonly validation: Validation;
  readonly confusion: Confusion;
}

/**
 * Measures on the first samples, and on more of them unless `isBeaten`; on all where `stopAbove` is null. The samples must
 * be in random order, as `splitDataset` leaves them: then the first of them, the same for all candidates, are a fair draw.
 */
export async function validateByRungs(
  program: Program,
  samples: Samples,
  stopAbove: number | null,
): Promise<Validated> {
  const { count: total, labels, classes } = samples;
  const counter = new ConfusionCounter(classes);
  const ends = [...(stopAbove === null ? [] : stops.map((share) => Math.ceil(share * total))), total];
  let seen = 0;
  let wrong = 0;
  let loss = 0;
  for (const end of new Set(ends)) {
    const from = seen;
    const [metrics] = await measure(program, between(samples, from, end), {
      onOutputs: (_, outputs, positions) => {
        counter.add(outputs, labels.subarray(from), positions);
      },
    });
    wrong += end - from - metrics!.correct!;
    loss += metrics!.loss * (end - from);
    seen = end;
    if (stopAbove !== null && seen < total && isBeaten({ wrong, samples: seen, total }, stopAbove)) break;
  }
  return { validation: { error: wrong / seen, loss: loss / seen, samples: seen }, confusion: counter.counts };
}

/** A view of the samples from one position up to another. */
function between({ inputs, labels, ...facts }: Samples, from: number, to: number): Samples {
  const size = sizeOf(facts.shape);
  return {
    ...facts,
    count: to - from,
    inputs: inputs.subarray(from * size, to * size),
    labels: labels.subarray(from, to),
  };
}
