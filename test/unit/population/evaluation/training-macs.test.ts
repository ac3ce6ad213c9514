// Multiply-accumulates of a training step, counted by hand.
import { expect, test } from 'vitest';
import { trainingMacs } from '../../../../population/evaluation/training-macs.ts';
import { NetworkBuilder } from '../../../../src/network/network-builder.ts';
import { RandomStream } from '../../../../src/random/stream.ts';

const builder = new NetworkBuilder([3], RandomStream.fromSeed('macs'));
// 15, 10 and 4 MACs.
const first = builder.layer('dense', { units: 5 });
const middle = builder.layer('dense', { units: 2 });
const last = builder.layer('dense', { units: 2 });
const network = builder.build();

test.each([
  ['all', undefined, 3 * 15 + 3 * 10 + 3 * 4],
  ['the first layer, whose gradient passes the others', [first], 3 * 15 + 2 * 10 + 2 * 4],
  ['the middle layer', [middle], 15 + 3 * 10 + 2 * 4],
  ['the last layer, with nothing behind it', [last], 15 + 10 + 3 * 4],
  ['nothing', [], 15 + 10 + 4],
])('to train %s', (_, trained, macs) => {
  expect(trainingMacs(network, trained && new Set(trained))).toBe(macs);
});
