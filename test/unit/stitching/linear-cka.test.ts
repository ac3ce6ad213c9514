// Linear CKA of tensors: its definition, what it does not see, and what it does to a matching.
import { expect, test } from 'vitest';
import { onnxEngine } from '../../../src/engine/onnx/onnx-engine.ts';
import { referenceEngine } from '../../../src/engine/reference/reference-engine.ts';
import type { Network } from '../../../src/network/network.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { eligiblePairs } from '../../../stitching/eligible-pairs.ts';
import { linearCka } from '../../../stitching/linear-cka.ts';
import { randomInput } from '../../helpers/random-network.ts';

function cnn(seed: number, channels = 3): Network {
  const builder = new NetworkBuilder([2, 4, 6], RandomStream.fromSeed(seed));
  builder.layer('conv2d', { channels, kernel: 3 });
  builder.layer('activation', { function: 'relu' });
  builder.layer('maxPool', { kernel: 2 });
  builder.layer('flatten');
  builder.layer('dense', { units: 4 });
  builder.layer('dense', { units: 2 });
  return builder.build();
}

const count = 24;
const [a, b] = [cnn(1), cnn(2, 5)];
const samples = { data: randomInput(a, count, 3), count };

/** Rows of one sample each, every column less its mean. */
async function centredRows(network: Network, node: string): Promise<number[][]> {
  const program = await referenceEngine.compile([network]);
  const [values] = await program.forward({ size: count, data: samples.data }, [{ network: 0, node }]);
  const width = values!.length / count;
  const rows = Array.from({ length: count }, (_, row) => Array.from(values!.slice(row * width, (row + 1) * width)));
  const means = rows[0]!.map((_, column) => rows.reduce((sum, row) => sum + row[column]! / count, 0));
  return rows.map((row) => row.map((value, column) => value - means[column]!));
}

/** The squared Frobenius norm of Y'X. */
function crossed(x: readonly number[][], y: readonly number[][]): number {
  let total = 0;
  for (const i of y[0]!.keys()) {
    for (const j of x[0]!.keys()) total += x.reduce((sum, row, at) => sum + row[j]! * y[at]![i]!, 0) ** 2;
  }
  return total;
}

test("is |Y'X|^2 over |X'X| |Y'Y| of centred features, on every engine", async () => {
  for (const engine of [referenceEngine, onnxEngine()]) {
    const similarity = await linearCka(engine, a, b, samples);
    for (const [one, other] of [
      ['conv2d', 'activation'],
      ['maxPool', 'dense'],
      ['flatten', 'dense_2'],
    ] as const) {
      const [x, y] = [await centredRows(a, one), await centredRows(b, other)];
      expect(similarity(one, other)).toBeCloseTo(crossed(x, y) / Math.sqrt(crossed(x, x) * crossed(y, y)), 5);
    }
  }
});

test('is 1 between a tensor and itself, flattened too, and 0 where nothing varies', async () => {
  const similarity = await linearCka(referenceEngine, a, a, samples);
  expect(similarity('conv2d', 'conv2d')).toBeCloseTo(1, 12);
  expect(similarity('maxPool', 'flatten')).toBeCloseTo(1, 12);
  expect(similarity('conv2d', 'dense')).toBeLessThan(0.999);
  const still = await linearCka(referenceEngine, a, b, { data: new Float32Array(7 * 48).fill(0.3), count: 7 });
  expect(still('conv2d', 'conv2d')).toBe(0);
  expect(eligiblePairs(a, b, { similarity: still }).pairs).toEqual([]);
});

test('multiplies the weights of pairs, and is the same every time', async () => {
  const similarity = await linearCka(onnxEngine(), a, b, samples);
  const plain = eligiblePairs(a, b).pairs;
  const weighed = eligiblePairs(a, b, { similarity }).pairs;
  expect(weighed).toEqual(
    plain.map((pair) => ({ ...pair, weight: pair.weight * similarity(a.nodes[pair.a]!.id, b.nodes[pair.b]!.id) })),
  );
  const again = await linearCka(onnxEngine(), a, b, samples);
  expect(eligiblePairs(a, b, { similarity: again }).pairs).toEqual(weighed);
});

test('wrong samples are refused', async () => {
  await expect(linearCka(referenceEngine, a, b, { data: new Float32Array(48), count: 1 })).rejects.toThrow(
    'Expected at least 2 samples, got 1',
  );
  await expect(linearCka(referenceEngine, a, b, { data: new Float32Array(96).fill(NaN), count: 2 })).rejects.toThrow(
    'Expected finite values to compare',
  );
});
