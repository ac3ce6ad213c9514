// Equal layers become one, and only those.
import { expect, test } from 'vitest';
import { mergeEqualNodes } from '../../../src/network/merge-equal-nodes.ts';
import type { Network, NetworkNode } from '../../../src/network/network.ts';
import { filled } from '../../../src/network/tensor.ts';

const input: NetworkNode = { id: 'input', kind: 'input', inputs: [], attributes: { shape: [2] }, params: {} };

function scale(id: string, from: string, value: number): NetworkNode {
  return { id, kind: 'dense', inputs: [from], attributes: {}, params: { weight: filled([2, 2], value) } };
}

function add(...inputs: string[]): NetworkNode {
  return { id: 'add', kind: 'add', inputs, attributes: {}, params: {} };
}

function wires({ nodes }: Network): string[] {
  return nodes.map(({ id, inputs }) => `${id}<${inputs.join('+')}`);
}

test('two chains with equal beginnings share them', () => {
  const nodes = [
    input,
    scale('a1', 'input', 1),
    scale('b1', 'input', 1),
    scale('a2', 'a1', 2),
    scale('b2', 'b1', 2),
    scale('a3', 'a2', 3),
    scale('b3', 'b2', 4),
    add('a3', 'b3'),
  ];
  expect(wires(mergeEqualNodes({ nodes }))).toEqual(['input<', 'a1<input', 'a2<a1', 'a3<a2', 'b3<a2', 'add<a3+b3']);
  expect(wires(mergeEqualNodes({ nodes }, new Set(['b1'])))).toEqual(wires({ nodes }));
});

test('a network without equal layers is returned as it is', () => {
  const network = { nodes: [input, scale('a', 'input', 1), scale('b', 'input', 2), add('a', 'b')] };
  expect(mergeEqualNodes(network)).toBe(network);
});

test('kernels of other shapes with the same bytes are different layers', () => {
  const image: NetworkNode = { ...input, attributes: { shape: [1, 4, 5] } };
  const conv = (id: string, shape: number[]): NetworkNode => ({
    id,
    kind: 'conv2d',
    inputs: ['input'],
    attributes: { stride: [1, 1], dilation: [1, 1], pads: [0, 0, 0, 0], groups: 1 },
    params: { kernel: filled(shape, 0.5), bias: filled([1], 0) },
  });
  const pool = (id: string, from: string): NetworkNode => ({
    id,
    kind: 'globalAvgPool',
    inputs: [from],
    attributes: {},
    params: {},
  });
  const nodes = [
    image,
    conv('a', [1, 1, 1, 3]),
    conv('b', [1, 1, 3, 1]),
    pool('pa', 'a'),
    pool('pb', 'b'),
    add('pa', 'pb'),
  ];
  expect(wires(mergeEqualNodes({ nodes }))).toEqual(wires({ nodes }));
});
