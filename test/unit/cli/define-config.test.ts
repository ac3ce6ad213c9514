// The compiler is what checks a config; this file compiles only if it refuses what is wrong.
import { expect, test } from 'vitest';
import { defineConfig, operators } from '../../../index.ts';

test('settings and parts are typed, and given back as they are', () => {
  const parts = { operators: [operators[0]!] };
  expect(defineConfig({ seed: 3, training: { firstEpochs: 2 }, parts })).toEqual({
    seed: 3,
    training: { firstEpochs: 2 },
    parts,
  });
  // @ts-expect-error a setting that there is not
  defineConfig({ sed: 3 });
  // @ts-expect-error a text for a number
  defineConfig({ seed: '3' });
  // @ts-expect-error a setting that there is not, deeper
  defineConfig({ training: { epochs: 3 } });
  // @ts-expect-error a part that there is not
  defineConfig({ parts: { frist: [] } });
});
