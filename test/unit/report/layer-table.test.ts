import { expect, test } from 'vitest';
import { layerRows, layerTable } from '../../../report/layer-table.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import type { Tensor } from '../../../src/network/tensor.ts';
import { RandomStream } from '../../../src/random/stream.ts';

function network(): ReturnType<NetworkBuilder['build']> {
  const net = new NetworkBuilder([1, 6, 4], RandomStream.fromSeed(1));
  net.layer('conv2d', { channels: 2, kernel: 3 });
  const conv = net.last;
  net.layer('actiSwitch', { function: 'relu' });
  net.layer('add', {}, [conv, net.last]);
  net.layer('flatten');
  net.layer('dense', { units: 3 });
  return net.build();
}

test('a line for each layer with its shape, cost and settings, then the totals', () => {
  const lines = layerTable(network()).split('\n');
  expect(lines[0]).toMatch(/^name +kind +reads +output +parameters +MACs +active % +settings$/);
  // Kernels 2 x 1 x 3 x 3 and 2 biases; 18 products at each of 24 places.
  expect(lines[2]).toMatch(/^conv2d +conv2d +input +2 x 6 x 4 +20 +432 +.*stride 1 x 1/);
  expect(lines[3]).toMatch(/ 0\.00 +function relu, linear = 1\.00, active = 0\.00$/);
  expect(lines[4]).toMatch(/^add +add +conv2d, actiSwitch +2 x 6 x 4 +0 +/);
  expect(lines[6]).toMatch(/^dense +dense +flatten +3 +147 +144$/);
  expect(lines[7]).toMatch(/^total +169 +/);
  expect(lines).toHaveLength(8);
});

test('the rows add up to the cost of the network', () => {
  const rows = layerRows(network());
  expect(rows.map(({ params }) => params)).toEqual([0, 20, 2, 0, 0, 147]);
  expect(rows[2]!.scalars).toEqual({ linear: 1, active: 0 });
  expect(rows[1]!.scalars).toEqual({});
});

test.each([
  [1, 0, 0],
  [0, 1, 1],
  [0.6, -0.2, 0.25],
  [0, 0, 0],
])('an actiSwitch of %d x + %d phi(x) is active to a share of %d', (linear, active, share) => {
  const { nodes, ...rest } = network();
  const params = { linear: vector(linear), active: vector(active) };
  const rows = layerRows({
    ...rest,
    nodes: nodes.map((node) => (node.kind === 'actiSwitch' ? { ...node, params } : node)),
  });
  expect(rows[2]!.active).toBeCloseTo(share, 6);
  expect(rows.filter((row) => row.active !== undefined)).toHaveLength(1);
});

function vector(value: number): Tensor {
  return { shape: [1], data: Float32Array.of(value) };
}
