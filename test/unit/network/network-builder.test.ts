// What the builder takes, and what it refuses at the call.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { NeurostitchError } from '../../../src/errors.ts';
import { layerKinds } from '../../../src/layers/registry.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import type { Network } from '../../../src/network/network.ts';
import { validate } from '../../../src/network/validate.ts';
import { RandomStream } from '../../../src/random/stream.ts';

const rng = RandomStream.fromSeed(1);

test('the builder names the place of a wrong option', () => {
  const net = new NetworkBuilder([1, 4, 4], RandomStream.fromSeed(1));
  expect(() => net.layer('conv2d', { channels: 0, kernel: 3 })).toThrow('conv2d.channels');
  expect(() => net.layer('conv2d', { channels: 2, kernel: 9, padding: 'valid' })).toThrow('at least 9 pixels a side');
  expect(() => net.layer('dense', { units: 2 })).toThrow('flatten images first');
  expect(() => net.layer('flatten', {}, ['nowhere'])).toThrow('Expected an id among input, got "nowhere"');
  expect(net.build().nodes).toHaveLength(1);
});

test('adding a layer does not change the weights of the others', () => {
  const build = (extra: boolean): Network => {
    const net = new NetworkBuilder([4], RandomStream.fromSeed(1));
    if (extra) net.layer('batchNorm');
    net.layer('dense', { units: 2 });
    return net.build();
  };
  expect(build(true).nodes.at(-1)!.params).toEqual(build(false).nodes.at(-1)!.params);
});

test.each<[string, string, object, string[] | undefined, string, string]>([
  ['one input for add', 'add', {}, undefined, 'Expected 2 or more inputs for add, got 1 (at add)', 'add'],
  ['one input for concat', 'concat', {}, ['input'], 'Expected 2 or more inputs for concat, got 1', 'concat'],
  ['no input', 'dense', { units: 2 }, [], 'Expected 1 inputs for dense, got 0 (at dense)', 'dense'],
  ['two inputs for dense', 'dense', { units: 2 }, ['input', 'input'], 'Expected 1 inputs for dense, got 2', 'dense'],
  ['a second input', 'input', { shape: [3] }, [], 'Expected one input node, the first', 'input_2'],
  ['a second input that reads', 'input', { shape: [3] }, undefined, 'Expected one input node, the first', 'input_2'],
  ['an image layer for vectors', 'conv2d', { channels: 1, kernel: 1 }, undefined, '(at node conv2d)', 'conv2d'],
  ['a fractional size', 'dense', { units: 1.5 }, undefined, '(at dense.units)', 'dense.units'],
  ['an unknown option', 'dense', { unit: 1 }, undefined, '(at dense', 'dense'],
  ['more weights than there can be', 'dense', { units: 1e15 }, undefined, 'weights that fit into memory', 'dense'],
])('the builder refuses %s at the call', (_, kind, options, inputs, message, path) => {
  const net = new NetworkBuilder([3], rng);
  const add = (): string => net.layer(kind, { ...options }, inputs);
  expect(add).toThrow(message);
  expect(add).toThrow(expect.objectContaining({ code: 'bad-network', path: expect.stringContaining(path) as string }));
  expect(net.build().nodes).toHaveLength(1);
});

test.each([[[0]], [[-1, 2, 2]], [[1, 2.5, 2]], [[1, 2, NaN]], [[1, Infinity, 1]], [[]], [[1, 2, 3, 4]]])(
  'the builder refuses samples of shape %j',
  (shape) => {
    const path = expect.stringContaining('input.shape') as string;
    expect(() => new NetworkBuilder(shape, rng)).toThrow(expect.objectContaining({ code: 'bad-network', path }));
  },
);

test('what the caller writes into its arrays later does not reach the network', () => {
  const shape = [1, 4, 4];
  const inputs = ['input', 'input'];
  const net = new NetworkBuilder(shape, rng);
  net.layer('add', {}, inputs);
  shape[1] = 9;
  inputs.pop();
  validate(net.build());
  expect(net.build().nodes[0]!.attributes.shape).toEqual([1, 4, 4]);
});

/** Options that a kind cannot do without. */
const needed: Readonly<Record<string, object>> = {
  input: { shape: [3] },
  dense: { units: 2 },
  conv2d: { channels: 2, kernel: 2 },
  activation: { function: 'relu' },
  actiSwitch: { function: 'tanh' },
  dropout: { rate: 0.5 },
  reshape: { size: [3, 1] },
  resize: { size: [2, 2] },
};
const anyValue = fc.oneof(
  fc.constantFrom<unknown>(1, 2, 0.5, [1, 1], [2, 2], 'same', 'nearest', 'elu', false),
  fc.constantFrom<unknown>(0, -1, 1.5, NaN, Infinity, 1e15, '', null, [], [0, 1], [1, 2, 3], [9, 9], {}),
);

test.each(layerKinds.map((kind) => [kind.kind, kind] as const))(
  '%s with any options on any inputs: a network that validates, or a refusal that names the node',
  (_, kind) => {
    const keys = kind.options instanceof z.ZodObject ? Object.keys(kind.options.shape) : [];
    const changes = fc.dictionary(fc.constantFrom(...keys, 'other'), anyValue, { maxKeys: 2 });
    const shape = fc.constantFrom([3], [2, 3, 4], [1, 1, 1], [4, 3]);
    const count = fc.oneof(fc.constant(kind.arity.min), fc.nat({ max: 3 }));
    let built = 0;
    fc.assert(
      fc.property(shape, changes, count, (input, changed, inputs) => {
        const net = new NetworkBuilder(input, rng);
        try {
          net.layer(kind.kind, { ...needed[kind.kind], ...changed }, new Array<string>(inputs).fill('input'));
        } catch (error) {
          if (!(error instanceof NeurostitchError)) throw error;
          expect(error).toMatchObject({ code: 'bad-network', path: expect.stringContaining(kind.kind) as string });
          expect(net.build().nodes).toHaveLength(1);
          return;
        }
        validate(net.build());
        built += 1;
      }),
      { numRuns: 200 },
    );
    // Every network has its one input already.
    expect(built > 0).toBe(kind.kind !== 'input');
  },
);
