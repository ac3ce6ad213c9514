import { expect, test } from 'vitest';
import { costOf } from '../../../src/network/cost.ts';
import { insertAfter, pruneTo } from '../../../src/network/edit.ts';
import { networkHash, nodeHashes } from '../../../src/network/hash.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import type { Network } from '../../../src/network/network.ts';
import { layersOf } from '../../../src/network/shapes.ts';
import { filled, tensor } from '../../../src/network/tensor.ts';
import { validate } from '../../../src/network/validate.ts';
import { RandomStream } from '../../../src/random/stream.ts';

function residual(seed = 1): Network {
  const net = new NetworkBuilder([2, 5, 7], RandomStream.fromSeed(seed));
  const first = net.layer('conv2d', { channels: 4, kernel: [3, 2] });
  const branch = net.layer('conv2d', { channels: 4, kernel: 3, stride: 1, bias: false });
  net.layer('add', {}, [first, branch]);
  net.layer('batchNorm');
  net.layer('actiSwitch', { function: 'tanh' });
  net.layer('maxPool', { kernel: 2 });
  net.layer('flatten');
  net.layer('dense', { units: 3 });
  return net.build();
}

test('shapes follow from the layers', () => {
  const shapes = [...layersOf(residual()).values()].map(({ output }) => output);
  expect(shapes).toEqual([[2, 5, 7], [4, 5, 7], [4, 5, 7], [4, 5, 7], [4, 5, 7], [4, 5, 7], [4, 2, 3], [24], [3]]);
  expect(() => {
    validate(residual());
  }).not.toThrow();
});

test('cost is the hand count', () => {
  const plane = 5 * 7;
  const macs = 4 * 2 * 3 * 2 * plane + 4 * 4 * 9 * plane + 4 * plane + 2 * 4 * plane + 24 * 3;
  const params = 4 * 2 * 3 * 2 + 4 + 4 * 4 * 9 + 4 * 4 + 2 + 24 * 3 + 3;
  expect(costOf(residual())).toEqual({ macs, params });
});

test('hashes depend on function, not on ids', () => {
  const network = residual();
  const renamed: Network = {
    nodes: network.nodes.map((node) => ({ ...node, id: `x${node.id}`, inputs: node.inputs.map((id) => `x${id}`) })),
  };
  expect(networkHash(renamed)).toBe(networkHash(network));
  expect(networkHash(residual(2))).not.toBe(networkHash(network));
  expect(nodeHashes(residual(2)).get('input')).toBe(nodeHashes(network).get('input'));
});

test('a tensor of another shape has another hash in its node', () => {
  const node = (shape: number[]): Network => {
    const weight = tensor(shape, new Float32Array(12).fill(0.5));
    const [input] = residual().nodes;
    return { nodes: [input!, { id: 'a', kind: 'dense', inputs: ['input'], attributes: {}, params: { weight } }] };
  };
  expect(networkHash(node([3, 4]))).not.toBe(networkHash(node([4, 3])));
});

test('inserting rewires every reader; pruning drops what the output does not need', () => {
  const network = residual();
  const extra = { id: 'extra', kind: 'activation', inputs: ['conv2d'], attributes: { function: 'relu' }, params: {} };
  const longer = insertAfter(network, 'conv2d', [extra]);
  validate(longer);
  expect(longer.nodes.find(({ id }) => id === 'add')!.inputs).toEqual(['extra', 'conv2d_2']);
  expect(longer.nodes.find(({ id }) => id === 'conv2d_2')!.inputs).toEqual(['extra']);
  expect(pruneTo(longer.nodes, 'conv2d').nodes.map(({ id }) => id)).toEqual(['input', 'conv2d']);
});

const change = (id: string, edit: object): Network => ({
  nodes: residual().nodes.map((node) => (node.id === id ? { ...node, ...edit } : node)),
});

test.each([
  ['no nodes', { nodes: [] }, 'Expected at least one node'],
  [
    'two inputs',
    { nodes: [residual().nodes[0]!, { ...residual().nodes[0]!, id: 'second' }] },
    'Expected one input node, the first',
  ],
  ['an id twice', change('batchNorm', { id: 'add' }), 'Expected every node id once, got add twice'],
  [
    'a later input',
    change('conv2d', { inputs: ['dense'] }),
    'Expected an earlier node as input, got "dense" (at node conv2d)',
  ],
  ['too many inputs', change('flatten', { inputs: ['maxPool', 'maxPool'] }), 'Expected 1 inputs for flatten, got 2'],
  ['an unknown kind', change('flatten', { kind: 'flat' }), 'Expected a layer kind'],
  [
    'a wrong attribute',
    change('maxPool', { attributes: { kernel: [0, 2], stride: [2, 2], pads: [0, 0, 0, 0] } }),
    'maxPool.kernel.0',
  ],
  ['a missing parameter', change('dense', { params: {} }), 'Expected a parameter "weight" in dense'],
  [
    'an extra parameter',
    change('flatten', { params: { weight: filled([1], 1) } }),
    'Expected parameters of flatten, got "weight"',
  ],
  [
    'a weight that does not fit',
    change('dense', { params: { weight: filled([23, 3], 0) } }),
    'Expected a dense weight of shape [24, units], got [23,3] (at node dense)',
  ],
  ['NaN', change('dense', { params: { weight: filled([24, 3], NaN) } }), 'Expected finite values'],
  [
    'an unused node',
    {
      nodes: residual()
        .nodes.slice(0, 4)
        .concat(
          change('x', {})
            .nodes.slice(1, 2)
            .map((node) => ({ ...node, id: 'last' })),
        ),
    },
    'Expected every node to reach the output',
  ],
])('validate refuses %s', (_, network, message) => {
  expect(() => {
    validate(network);
  }).toThrow(message);
});
