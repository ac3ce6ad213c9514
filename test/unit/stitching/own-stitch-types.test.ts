// Stitch types of a user: how they come in, and what is said of those that do not keep their promises.
import { describe, expect, test } from 'vitest';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import type { NetworkNode } from '../../../src/network/network.ts';
import { filled } from '../../../src/network/tensor.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { freshTrainingState, type TrainedNetwork } from '../../../src/training/training-state.ts';
import { requireStitchTypes } from '../../../stitching/stitch-types/check-types.ts';
import { conv1x1 } from '../../../stitching/stitch-types/conv1x1.ts';
import { dense } from '../../../stitching/stitch-types/dense.ts';
import { pooledDense } from '../../../stitching/stitch-types/pooled-dense.ts';
import { stitchTypes } from '../../../stitching/stitch-types/registry.ts';
import type { PlainLayer, StitchType } from '../../../stitching/stitch-types/stitch-type.ts';
import { buildSupernetwork, type Supernetwork } from '../../../stitching/supernetwork.ts';
import { allPixels, smoothedConv } from '../../helpers/own-stitch-types.ts';

/** Two images of one size, and a vector behind them. */
function cnn(seed: number): TrainedNetwork {
  const builder = new NetworkBuilder([1, 5, 5], RandomStream.fromSeed(seed));
  builder.layer('conv2d', { channels: 2 + seed, kernel: 3 });
  builder.layer('globalAvgPool');
  builder.layer('dense', { units: 2 });
  return { network: builder.build(), state: freshTrainingState };
}

const joins: StitchType['joins'] = (...shapes) => conv1x1.joins(...shapes);

const built = (...types: StitchType[]): Supernetwork => buildSupernetwork(cnn(1), cnn(2), { types });

test('a type of the user joins what no earlier type does, and says by its weight what is matched', () => {
  const typesOf = (...types: StitchType[]): string[] => built(...types).stitches.map(({ type }) => type);
  expect(typesOf(...stitchTypes, smoothedConv)).toEqual(['conv1x1', 'conv1x1', 'dense', 'dense']);
  expect(typesOf(smoothedConv, ...stitchTypes)).toEqual(['smoothedConv', 'smoothedConv', 'dense', 'dense']);
  expect(typesOf(smoothedConv)).toEqual(['smoothedConv', 'smoothedConv']);
  // Worth more than what else could be matched: two images and two vectors.
  const heavy = { ...pooledDense, name: 'heavy', weight: 3 };
  expect(typesOf(heavy, ...stitchTypes)).toContain('heavy');
  expect(typesOf({ ...heavy, weight: 1 }, ...stitchTypes)).not.toContain('heavy');
});

test('a stitch carries its layers as plain data, and what it costs', () => {
  const node = { id: 'mine', kind: 'flatten', attributes: {}, inputs: ['nobody'], params: {} };
  const [toA] = built({ ...allPixels, joins, align: () => node }).stitches;
  expect(toA).toMatchObject({ type: 'allPixels', cost: { macs: 100 * 75, params: 101 * 75 } });
  expect(toA!.align).toEqual({ kind: 'flatten', attributes: {} });
  expect(toA!.target).toEqual({ kind: 'flatten', attributes: {} });
  const [plain] = built(conv1x1).stitches;
  expect(plain).not.toHaveProperty('align');
  expect(plain).not.toHaveProperty('target');
});

test('a stitch may be called what is left of another one that was merged into its neighbours', () => {
  const { network } = cnn(1);
  const pool = { ...network.nodes[2]!, id: 'stitch1a.globalAvgPool' };
  const nodes = network.nodes.map((node) => (node.kind === 'dense' ? { ...node, inputs: [pool.id] } : node));
  const worn = { network: { nodes: nodes.with(2, pool) }, state: freshTrainingState };
  const supernetwork = buildSupernetwork(worn, cnn(2), { types: [{ ...pooledDense, weight: 3 }, ...stitchTypes] });
  const ids = supernetwork.nodes.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(supernetwork.stitches[0]!.id).toBe('stitch1a_2');
});

describe('what is no stitch type is refused', () => {
  const refused: readonly (readonly [types: unknown, message: string])[] = [
    [conv1x1, 'Expected a list of at least one stitch type, got {"name":"conv1x1","weight":1} (at types)'],
    [[], 'Expected a list of at least one stitch type, got [] (at types)'],
    [[conv1x1, null], 'Expected a stitch type with a name, got nothing (at types.1)'],
    [[{ ...conv1x1, name: '' }], 'Expected a stitch type with a name, got "" (at types.0)'],
    [[{ ...conv1x1, weight: 0 }], 'Expected a number above 0, got 0 (at types.0.weight)'],
    [[{ ...conv1x1, weight: NaN }], 'Expected a number above 0, got NaN (at types.0.weight)'],
    [[{ ...conv1x1, weight: Infinity }], 'Expected a number above 0, got Infinity (at types.0.weight)'],
    [[{ ...conv1x1, joins: true }], 'Expected a function, got true (at types.0.joins)'],
    [[dense, { ...conv1x1, build: undefined }], 'Expected a function, got nothing (at types.1.build)'],
    [[{ ...conv1x1, align: 'flatten' }], 'Expected a function, got "flatten" (at types.0.align)'],
    [[{ ...conv1x1, target: { kind: 'flatten' } }], 'Expected a function, got {"kind":"flatten"} (at types.0.target)'],
  ];
  test.each(refused)('%j', (types, message) => {
    expect(() => buildSupernetwork(cnn(1), cnn(2), { types: types as StitchType[] })).toThrow(
      expect.objectContaining({ code: 'bad-argument', message }),
    );
  });

  test('at the place that is asked for', () => {
    expect(() => {
      requireStitchTypes([], 'stitchTypes');
    }).toThrow('(at stitchTypes)');
  });
});

describe('a type that builds something else than it may is named', () => {
  /** Joins images by a convolution that is changed. */
  const changed = (change: Partial<NetworkNode>, more: Partial<StitchType> = {}): StitchType => ({
    ...conv1x1,
    name: 'own',
    build: (...call) => conv1x1.build(...call).map((node) => ({ ...node, ...change })),
    ...more,
  });
  const relu = (id: string, input: string): NetworkNode => {
    return { id, kind: 'activation', inputs: [input], attributes: { function: 'relu' }, params: {} };
  };
  const flatten = (): PlainLayer => ({ kind: 'flatten', attributes: {} });
  const [weight, bias] = [filled([3, 4, 1, 1], 0), filled([3], 0)];
  const broken: readonly (readonly [what: string, type: StitchType, message: string])[] = [
    ['nothing at all', changed({}, { build: () => undefined as never }), 'Expected a stitch, got '],
    ['an unknown kind', changed({ kind: 'glue' }), 'Expected a layer kind'],
    [
      'a node that nobody reads',
      changed(
        {},
        { build: (id, input, ...shapes) => [relu(`${id}.relu`, input), ...conv1x1.build(id, input, ...shapes)] },
      ),
      'Expected every node to reach the output',
    ],
    ['a node of the parent', changed({ inputs: ['conv2d'] }), 'Expected an earlier node as input, got "conv2d"'],
    [
      'another shape',
      changed({ params: { weight: filled([5, 4, 1, 1], 0), bias: filled([5], 0) } }),
      'Expected a last node of shape [3, 5, 5], got [5,5,5]',
    ],
    ['another name', changed({ id: 'mine' }), 'Expected nodes called stitch or stitch.NAME, got "mine"'],
    [
      'a name too many',
      changed({ id: 'stitch.conv' }),
      'Expected a linear layer stitch with a weight of one tap and a bias, got nothing',
    ],
    [
      'no linear layer',
      changed(
        {},
        { build: (id, input, from, to) => [...conv1x1.build(`${id}.conv`, input, from, to), relu(id, `${id}.conv`)] },
      ),
      'Expected a linear layer stitch with a weight of one tap and a bias, got activation',
    ],
    [
      'no bias',
      changed({ params: { weight } }),
      'Expected a linear layer stitch with a weight of one tap and a bias, got conv2d, weight',
    ],
    [
      'many taps',
      changed({
        params: { weight: filled([3, 4, 3, 3], 0), bias },
        attributes: { stride: [1, 1], dilation: [1, 1], pads: [1, 1, 1, 1], groups: 1 },
      }),
      'Expected a linear layer stitch with a weight of one tap and a bias, got conv2d, weight, bias',
    ],
    [
      'features elsewhere',
      changed({}, { align: flatten }),
      'Expected a regression of [3, 5, 5] on [4, 5, 5], got of [3, 5, 5] on [100]',
    ],
    [
      'more to foretell',
      changed({}, { align: flatten, target: flatten }),
      'Expected a regression of [3] on [4], got of [75] on [100]',
    ],
    [
      'features at fewer positions',
      changed({}, { align: () => ({ kind: 'resize', attributes: { size: [2, 2], mode: 'bilinear' } }) }),
      'Expected a regression of [3, 5, 5] on [4, 5, 5], got of [3, 5, 5] on [4, 2, 2]',
    ],
    [
      'less to foretell',
      changed({}, { ...allPixels, name: 'own', joins, target: () => ({ kind: 'globalAvgPool', attributes: {} }) }),
      'Expected a regression of [75] on [100], got of [3] on [100]',
    ],
    [
      'a layer with parameters',
      changed({}, { align: () => ({ kind: 'scale', attributes: {} }) }),
      'Expected a parameter "factor" in scale, got none',
    ],
    [
      'a layer of other settings',
      changed({}, { target: () => ({ kind: 'flatten', attributes: { size: 3 } }) }),
      'Unrecognized key',
    ],
  ];
  test.each(broken)('%s', (_, type, message) => {
    expect(() => built(type)).toThrow(expect.objectContaining({ code: 'bad-network' }));
    expect(() => built(type)).toThrow(message);
    expect(() => built(type)).toThrow('(at stitch type own from [4, 5, 5] to [3, 5, 5])');
  });
});
