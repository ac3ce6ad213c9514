// Which tensors of two networks may be matched.
import { expect, test } from 'vitest';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import type { Network } from '../../../src/network/network.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { pooledDense } from '../../../stitching/stitch-types/pooled-dense.ts';
import { stitchTypeFor } from '../../../stitching/stitch-types/registry.ts';
import { eligiblePairs, type EligibilityOptions } from '../../../stitching/eligible-pairs.ts';

function cnn(seed: number, { channels = 4, classes = 3, shape = [1, 6, 6] } = {}): Network {
  const builder = new NetworkBuilder(shape, RandomStream.fromSeed(seed));
  builder.layer('conv2d', { channels, kernel: 3 });
  builder.layer('activation', { function: 'relu' });
  builder.layer('maxPool', { kernel: 2 });
  builder.layer('flatten');
  builder.layer('dense', { units: 5 });
  builder.layer('dense', { units: classes });
  return builder.build();
}

/** Pairs by node ids; those of another weight than 1 with it. */
function pairs(a: Network, b: Network, options?: EligibilityOptions): string[] {
  return eligiblePairs(a, b, options).pairs.map(({ a: one, b: other, weight }) => {
    const name = `${a.nodes[one]!.id}-${b.nodes[other]!.id}`;
    return weight === 1 ? name : `${name} ${weight}`;
  });
}

test('every inner tensor with one that a stitch joins, whatever layer made it; neither input nor output', () => {
  expect(pairs(cnn(1), cnn(2, { channels: 2 }))).toEqual([
    'conv2d-conv2d',
    'conv2d-activation',
    'conv2d-maxPool 0.25',
    'conv2d-flatten 0.125',
    'conv2d-dense 0.125',
    'activation-conv2d',
    'activation-activation',
    'activation-maxPool 0.25',
    'activation-flatten 0.125',
    'activation-dense 0.125',
    'maxPool-conv2d 0.25',
    'maxPool-activation 0.25',
    'maxPool-maxPool',
    'maxPool-flatten 0.125',
    'maxPool-dense 0.125',
    'flatten-conv2d 0.125',
    'flatten-activation 0.125',
    'flatten-maxPool 0.125',
    'flatten-flatten',
    'flatten-dense',
    'dense-conv2d 0.125',
    'dense-activation 0.125',
    'dense-maxPool 0.125',
    'dense-flatten',
    'dense-dense',
  ]);
});

test('a pair with a stitch in one direction weighs what one with both does', () => {
  // A dense layer from 400 features to the image would have too many weights.
  for (const units of [200, 400]) {
    const builder = new NetworkBuilder([1, 40, 40], RandomStream.fromSeed(units));
    builder.layer('conv2d', { channels: 2, kernel: 1 });
    builder.layer('globalAvgPool');
    builder.layer('dense', { units });
    builder.layer('dense', { units: 2 });
    const other = new NetworkBuilder([1, 40, 40], RandomStream.fromSeed(1));
    other.layer('conv2d', { channels: 2, kernel: 3 });
    other.layer('globalAvgPool');
    other.layer('dense', { units: 2 });
    expect(stitchTypeFor([units], [2, 40, 40]) !== undefined).toBe(units === 200);
    expect(pairs(builder.build(), other.build())).toContain('dense-conv2d 0.125');
  }
});

test('the stitch types that are given join, in both directions', () => {
  const types = [{ ...pooledDense, weight: 3 }];
  const vectors = ['flatten', 'dense'];
  const images = ['conv2d', 'activation', 'maxPool'];
  const wanted = vectors.flatMap((one) => images.flatMap((other) => [`${one}-${other} 3`, `${other}-${one} 3`]));
  expect(pairs(cnn(1), cnn(2), { types }).sort()).toEqual(wanted.sort());
});

test('tensors that are too wide to fit, and those that both networks inherited, are left out', () => {
  expect(pairs(cnn(1), cnn(2), { maxFeatures: 35 })).not.toContain('flatten-flatten');
  expect(pairs(cnn(1), cnn(2), { maxFeatures: 36 })).toContain('flatten-flatten');
  expect(pairs(cnn(1), cnn(1))).toEqual([]);
  expect(pairs(cnn(1), cnn(1), { stitchEqualNodes: true })).toHaveLength(25);
  // Equal up to the last hidden layer, which reads other weights.
  expect(pairs(cnn(1), { nodes: [...cnn(1).nodes.slice(0, 5), ...cnn(2).nodes.slice(5)] })).toEqual(['dense-dense']);
});

test('networks of other inputs or outputs are refused', () => {
  expect(() => pairs(cnn(1), cnn(2, { classes: 4 }))).toThrow(
    'Expected two networks of one output shape, got [[3],[4]]',
  );
  expect(() => pairs(cnn(1), cnn(2, { shape: [1, 6, 7] }))).toThrow(
    'Expected two networks of one input shape, got [[1,6,6],[1,6,7]]',
  );
});

test('the graphs have one vertex for each node and one edge for each tensor that a node reads', () => {
  const builder = new NetworkBuilder([2], RandomStream.fromSeed(1));
  const hidden = builder.layer('dense', { units: 2 });
  builder.layer('add', {}, [hidden, hidden]);
  builder.layer('add', {}, [builder.last, 'input']);
  const { a } = eligiblePairs(builder.build(), builder.build());
  expect(a).toEqual({
    size: 4,
    edges: [
      [0, 1],
      [1, 2],
      [2, 3],
      [0, 3],
    ],
  });
});
