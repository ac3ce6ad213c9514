// Splits samples into train, validation and test, with every class in its share.
import { expected } from '../errors.ts';
import type { RandomStream } from '../random/stream.ts';
import type { Dataset } from './dataset.ts';
import { selectSamples, type Samples } from './samples.ts';

/** Train to learn, validation to select, test only to report. */
export interface Splits {
  readonly train: Samples;
  readonly validation: Samples;
  readonly test: Samples;
}

/** What goes where; train gets the rest. */
export interface SplitShares {
  /** Share of the samples for selection, between 0 and 1. */
  readonly validation: number;
  /** Share for the final report, between 0 and 1; not used where the data set has its own test part. */
  readonly test: number;
}

/**
 * Stratified: each class is shuffled and cut by itself, with at least one sample of it in each part. A label that no
 * sample has is no class.
 *
 * Throws `bad-argument` for a share that is not between 0 and 1, `bad-data` where there are no samples, labels of no
 * class, or too few samples of a class for a part: always below 3, or below 2 where the data set has its own test part.
 */
export function splitDataset({ samples, heldOut }: Dataset, shares: SplitShares, rng: RandomStream): Splits {
  requireShare(shares.validation, 'validation');
  if (!heldOut) requireShare(shares.test, 'test');
  requireLabels(samples);
  if (heldOut) requireLabels(heldOut);
  const parts: { train: number[]; validation: number[]; test: number[] } = { train: [], validation: [], test: [] };
  for (let label = 0; label < samples.classes; label++) {
    const members = Array.from(samples.labels.keys()).filter((position) => samples.labels[position] === label);
    if (members.length === 0) continue;
    const shuffled = rng.fork(`class ${label}`).shuffle(members);
    const take = (share: number): number => Math.max(1, Math.round(share * shuffled.length));
    const validation = take(shares.validation);
    const test = heldOut ? 0 : take(shares.test);
    if (validation + test >= shuffled.length) {
      const names = heldOut ? 'train and validation parts' : 'train, validation and test parts';
      throw expected('bad-data', `samples enough of class ${label} for ${names}`, shuffled.length, 'split');
    }
    parts.validation.push(...shuffled.slice(0, validation));
    parts.test.push(...shuffled.slice(validation, validation + test));
    parts.train.push(...shuffled.slice(validation + test));
  }
  // Mixed once more, so that the first samples of a part are a fair draw of it.
  const take = (name: keyof typeof parts): Samples => selectSamples(samples, rng.fork(name).shuffle(parts[name]));
  const splits = { train: take('train'), validation: take('validation'), test: heldOut ?? take('test') };
  for (const [name, part] of Object.entries(splits)) {
    if (part.count === 0) throw expected('bad-data', `samples enough for a ${name} part`, samples.count, name);
  }
  return splits;
}

function requireShare(share: number, name: string): void {
  if (!(share > 0 && share < 1))
    throw expected('bad-argument', `a ${name} share between 0 and 1`, share, `split.${name}`);
}

function requireLabels({ labels, classes }: Samples): void {
  const stray = labels.find((label) => label >= classes);
  if (stray !== undefined) throw expected('bad-data', `labels from 0 to ${classes - 1}`, stray);
}
