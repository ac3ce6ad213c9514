import { describe, expect, test } from 'vitest';
import { requireDataset } from '../../../src/data/check-dataset.ts';
import { datasetOf, type Dataset } from '../../../src/data/dataset.ts';
import { allocateSamples } from '../../../src/data/samples.ts';

const samples = allocateSamples([1, 2, 2], 3, 5);
const sound = datasetOf('own', samples, allocateSamples([1, 2, 2], 3, 1));
const refused = (code: string, message: string): Error => expect.objectContaining({ code, message }) as Error;

test('what datasetOf made passes', () => {
  for (const dataset of [sound, datasetOf('own', samples)]) {
    expect(() => {
      requireDataset(dataset, 'dataset');
    }).not.toThrow();
  }
});

test.each<[unknown, string]>([
  ['digits', 'a data set, as loadDataset or datasetOf make one, got "digits" (at dataset)'],
  [null, 'a data set, as loadDataset or datasetOf make one, got null (at dataset)'],
  [{}, 'a data set, as loadDataset or datasetOf make one, got another object (at dataset)'],
  [samples, 'a data set, as loadDataset or datasetOf make one, got another object (at dataset)'],
  [{ ...sound, samples: undefined }, 'samples, as allocateSamples makes them, got nothing (at dataset.samples)'],
  [{ ...sound, heldOut: [] }, 'samples, as allocateSamples makes them, got another object (at dataset.heldOut)'],
])('what is no data set is refused: %#', (value, message) => {
  expect(() => {
    requireDataset(value, 'dataset');
  }).toThrow(refused('bad-argument', `Expected ${message}`));
});

test.each<[keyof Dataset['samples'], unknown, string]>([
  ['shape', [1, 2.5], 'samples, as allocateSamples makes them, got another object (at samples)'],
  ['count', -1, 'samples, as allocateSamples makes them, got another object (at samples)'],
  ['classes', 0, 'a number of classes, got 0 (at samples.classes)'],
  ['inputs', new Array(20).fill(0), 'a Float32Array of 20 inputs, got another object (at samples.inputs)'],
  ['inputs', new Float32Array(19), 'a Float32Array of 20 inputs, got Float32Array of 76 bytes (at samples.inputs)'],
  ['labels', new Uint8Array(6), 'a Uint8Array of 5 labels, got Uint8Array of 6 bytes (at samples.labels)'],
])('samples of a wrong %s are refused', (key, value, message) => {
  expect(() => datasetOf('own', { ...samples, [key]: value })).toThrow(refused('bad-argument', `Expected ${message}`));
});

test('a name is a text', () => {
  expect(() => datasetOf(samples as unknown as string, samples)).toThrow(/^Expected a name of the data set/);
});

describe.each([NaN, Infinity])('an input of %d', (input) => {
  const bad = allocateSamples([1, 2, 2], 3, 5);
  bad.inputs[7] = input;

  test('is refused where a data set is made and where one is handed over', () => {
    const message = `Expected finite inputs, got ${input} (at`;
    expect(() => datasetOf('own', bad)).toThrow(refused('bad-data', `${message} samples.inputs.7)`));
    expect(() => datasetOf('own', samples, bad)).toThrow(refused('bad-data', `${message} heldOut.inputs.7)`));
    expect(() => {
      requireDataset({ ...sound, heldOut: bad }, 'dataset');
    }).toThrow(refused('bad-data', `${message} dataset.heldOut.inputs.7)`));
  });
});
