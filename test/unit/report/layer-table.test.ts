import { expect, test } from 'vitest';
import { layerRows, layerTable } from '../../../report/layer-table.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
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
  expect(lines[0]).toMatch(/^name +kind +reads +output +parameters +MACs +settings$/);
  // Kernels 2 x 1 x 3 x 3 and 2 biases; 18 products at each of 24 places.
  expect(lines[2]).toMatch(/^conv2d +conv2d +input +2 x 6 x 4 +20 +432 +.*stride 1 x 1/);
  expect(lines[3]).toMatch(/linear = 1\.00, active = 0\.00$/);
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
