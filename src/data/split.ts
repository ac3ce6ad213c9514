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

export interface SplitShares {
  /** Share of the samples for selection, between 0 and 1. */
  readonly validation: number;
  /** Share for the final report; not used where the data set has its own test part. */
  readonly test: number;
}

/** Stratified: each class is shuffled and cut by itself. Throws `bad-data` where a part would be empty. */
export function splitDataset({ samples, heldOut }: Dataset, shares: SplitShares, rng: RandomStream): Splits {
  const parts: { train: number[]; validation: number[]; test: number[] } = { train: [], validation: [], test: [] };
  for (let label = 0; label < samples.classes; label++) {
    const members = Array.from(samples.labels.keys()).filter((position) => samples.labels[position] === label);
    const shuffled = rng.fork(`class ${label}`).shuffle(members);
    const validation = Math.round(shares.validation * shuffled.length);
    const test = heldOut ? 0 : Math.round(shares.test * shuffled.length);
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
