// Splits of small and lopsided data sets.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Dataset } from '../../../src/data/dataset.ts';
import { allocateSamples, type Samples } from '../../../src/data/samples.ts';
import { splitDataset } from '../../../src/data/split.ts';
import { RandomStream } from '../../../src/random/stream.ts';

/** So many samples of each class; a sample's one input is its position. */
function samplesOf(perClass: readonly number[]): Samples {
  const labels = perClass.flatMap((count, label) => new Array<number>(count).fill(label));
  const samples = allocateSamples([1], perClass.length, labels.length);
  samples.labels.set(labels);
  samples.inputs.set([...labels.keys()]);
  return samples;
}

const dataset = (perClass: readonly number[], heldOut?: readonly number[]): Dataset => ({
  name: 'made',
  hash: '',
  samples: samplesOf(perClass),
  heldOut: heldOut && samplesOf(heldOut),
});
const rng = RandomStream.fromSeed(1);
const fifths = { validation: 0.2, test: 0.2 };

test('every class is in every part, and every sample in one', () => {
  const share = fc.double({ min: 0.01, max: 0.33, noNaN: true });
  const perClass = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 3, max: 40 })), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(perClass, share, share, (counts, validation, rest) => {
      fc.pre(counts.some((count) => count > 0));
      const { train, ...others } = splitDataset(dataset(counts), { validation, test: rest }, rng);
      const splits = [train, others.validation, others.test];
      counts.forEach((count, label) => {
        for (const part of splits) expect(part.labels.includes(label)).toBe(count > 0);
      });
      const positions = splits.flatMap(({ inputs }) => [...inputs]).sort((a, b) => a - b);
      const total = counts.reduce((sum, count) => sum + count, 0);
      expect(positions).toEqual(Array.from({ length: total }, (_, position) => position));
    }),
  );
});

test.each<[string, Dataset, string]>([
  ['two of a class', dataset([9, 2]), 'samples enough of class 1 for train, validation and test parts, got 2'],
  ['one of a class', dataset([1, 9], [3, 3]), 'samples enough of class 0 for train and validation parts, got 1'],
  ['no samples', dataset([0, 0]), 'samples enough for a train part, got 0'],
  ['no held-out samples', dataset([5, 5], [0, 0]), 'samples enough for a test part'],
])('%s: refused as bad data', (_, data, message) => {
  expect(() => splitDataset(data, fifths, rng)).toThrow(expect.objectContaining({ code: 'bad-data' }));
  expect(() => splitDataset(data, fifths, rng)).toThrow(message);
});

test('labels of no class are refused', () => {
  const stray = dataset([5, 5], [3, 3]);
  stray.heldOut!.labels[4] = 2;
  expect(() => splitDataset(stray, fifths, rng)).toThrow('Expected labels from 0 to 1, got 2');
  stray.samples.labels[0] = 9;
  expect(() => splitDataset(stray, fifths, rng)).toThrow('Expected labels from 0 to 1, got 9');
});

test.each<[readonly number[], number, number, string]>([
  [[1, 0], 2, 5, 'the shape of a sample, got [1,0]'],
  [[1.5], 2, 5, 'the shape of a sample, got [1.5]'],
  [[1], 2, -1, 'a number of samples, got -1'],
  [[1], 257, 5, '1 to 256 classes, got 257'],
  [[1], 0, 5, '1 to 256 classes, got 0'],
])('samples of shape %j, %d classes and %d in number are refused', (shape, classes, count, message) => {
  expect(() => allocateSamples(shape, classes, count)).toThrow(message);
});

test('with a test part of its own, two samples of a class are enough', () => {
  const { train, validation, test: rest } = splitDataset(dataset([2, 2], [1, 1]), fifths, rng);
  expect([train.count, validation.count, rest.count]).toEqual([2, 2, 2]);
});

test.each([
  [{ validation: 0, test: 0.2 }, 'Expected a validation share between 0 and 1, got 0 (at split.validation)'],
  [{ validation: NaN, test: 0.2 }, 'Expected a validation share between 0 and 1, got NaN'],
  [{ validation: 0.2, test: 1 }, 'Expected a test share between 0 and 1, got 1 (at split.test)'],
  [{ validation: 0.2, test: -0.1 }, 'Expected a test share between 0 and 1, got -0.1'],
])('shares %j are refused', (shares, message) => {
  expect(() => splitDataset(dataset([9, 9]), shares, rng)).toThrow(message);
});

test('where the data set has a test part, the test share does not matter', () => {
  expect(splitDataset(dataset([9, 9], [1, 1]), { validation: 0.2, test: 0 }, rng).test.count).toBe(2);
});
