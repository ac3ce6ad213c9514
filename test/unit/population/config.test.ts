import { expect, test } from 'vitest';
import { parseConfig } from '../../../population/config.ts';

test('everything has a default, and what is given stays', () => {
  const config = parseConfig({ seed: 7, training: { batchSize: 8 } });
  expect(config).toMatchObject({
    data: 'digits',
    seed: 7,
    operators: null,
    training: { batchSize: 8, fitSamples: 1024 },
  });
  expect(parseConfig(config)).toEqual(config);
});

test.each<[unknown, string]>([
  [undefined, 'Expected an object with settings, got nothing'],
  [[1], 'Expected an object with settings, got [1]'],
  [{ generations: 'many' }, 'Expected a whole number, 0 or more, got "many" (at generations)'],
  [{ seed: Infinity }, 'Expected a whole number, got Infinity (at seed)'],
  [{ seed: 1.5 }, 'Expected a whole number, got 1.5 (at seed)'],
  [{ children: 0 }, 'Expected a whole number from 1 to 10000, got 0 (at children)'],
  [{ children: 10_001 }, 'Expected a whole number from 1 to 10000, got 10001 (at children)'],
  [{ data: '' }, 'Expected the name of a data set or a folder, got "" (at data)'],
  [{ stitchShare: 1.1 }, 'Expected a share from 0 to 1, got 1.1 (at stitchShare)'],
  [{ operators: [] }, 'Expected a list of operator names, or null for all, got [] (at operators)'],
  [{ operators: [3] }, 'Expected the name of an operator, got 3 (at operators.0)'],
  [{ training: null }, 'Expected an object with settings, got null (at training)'],
  [{ training: { batchSize: 0 } }, 'Expected a whole number, 1 or more, got 0 (at training.batchSize)'],
  [{ training: { firstLearningRate: 0 } }, 'Expected a number above 0, got 0 (at training.firstLearningRate)'],
  [{ split: { validation: 0 } }, 'Expected a share above 0 and below 1, got 0 (at split.validation)'],
  [{ split: { test: 1 } }, 'Expected a share from 0 to below 1, got 1 (at split.test)'],
  [
    { split: { validation: 0.5, test: 0.5 } },
    'Expected shares that together leave samples to train on, got {"validation":0.5,"test":0.5} (at split)',
  ],
  [
    { generation: 3 },
    `Expected a setting of ${Object.keys(parseConfig({})).join(', ')}, got "generation"; did you mean "generations"?`,
  ],
  [{ split: { train: 0.5 } }, 'Expected a setting of validation, test, got "train" (at split)'],
])('%j is refused in one line', (settings, message) => {
  expect(() => parseConfig(settings)).toThrow(expect.objectContaining({ code: 'bad-config', message }) as Error);
});
