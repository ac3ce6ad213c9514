import { describe, expect, test } from 'vitest';
import { insertIdentityLayer } from '../../../operators/insert-identity-layer.ts';
import type { ActivationName } from '../../../src/layers/activation-functions.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import type { Network } from '../../../src/network/network.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { freshTrainingState } from '../../../src/training/training-state.ts';
import { expectPreserved } from '../../helpers/growth.ts';

/** conv -> batchNorm -> relu, the relu read by two convolutions whose sum goes on. */
function network(): Network {
  const net = new NetworkBuilder([1, 4, 3], RandomStream.fromSeed(2));
  net.layer('conv2d', { channels: 2, kernel: 3 });
  net.layer('batchNorm');
  const relu = net.layer('activation', { function: 'relu' });
  const left = net.layer('conv2d', { channels: 2, kernel: 1 }, [relu]);
  const right = net.layer('conv2d', { channels: 2, kernel: 1 }, [relu]);
  net.layer('add', {}, [left, right]);
  net.layer('flatten');
  net.layer('dense', { units: 2 });
  return net.build();
}

const parent = { network: network(), state: freshTrainingState };
const insert = (node: string, kernel: number, name: ActivationName, into = parent) =>
  insertIdentityLayer.apply(into, { node, kernel, function: name }, RandomStream.fromSeed(1));

function childAt(node: string, kernel: number, name: ActivationName): Network {
  const result = insert(node, kernel, name);
  if ('refusal' in result) expect.fail(result.refusal.message);
  return result.child.network;
}

const inputsOf = (of: Network, id: string) => of.nodes.find((node) => node.id === id)!.inputs;

describe('inserting an identity layer', () => {
  test('goes between a convolution and its batch norm as actiSwitch, identity', () => {
    const child = childAt('conv2d', 3, 'relu');
    expect(child.nodes.slice(1, 5).map(({ id, kind, inputs }) => [id, kind, ...inputs])).toEqual([
      ['conv2d', 'conv2d', 'input'],
      ['actiSwitch', 'actiSwitch', 'conv2d'],
      ['conv2d_4', 'conv2d', 'actiSwitch'],
      ['batchNorm', 'batchNorm', 'conv2d_4'],
    ]);
  });

  test('goes behind a relu as identity, actiSwitch, and all who read the relu read that', () => {
    const child = childAt('activation', 1, 'silu');
    expect(inputsOf(child, 'conv2d_4')).toEqual(['activation']);
    expect(inputsOf(child, 'actiSwitch')).toEqual(['conv2d_4']);
    expect(inputsOf(child, 'conv2d_2')).toEqual(['actiSwitch']);
    expect(inputsOf(child, 'conv2d_3')).toEqual(['actiSwitch']);
  });

  test('never puts a function where it is the identity', () => {
    expect(insert('activation', 1, 'relu')).toMatchObject({ refusal: { reason: 'wrong-kind' } });
    const functions = insertIdentityLayer.sites(parent.network).filter(({ node }) => node === 'activation');
    expect(functions.map((site) => site.function)).toEqual(['silu', 'silu']);
  });

  test('puts the one of an even kernel at (k - 1) / 2 rounded down, with the odd pad at the end', () => {
    const node = childAt('conv2d', 2, 'relu').nodes.find(({ id }) => id === 'conv2d_4')!;
    expect(node.attributes.pads).toEqual([0, 0, 1, 1]);
    expect([...node.params.weight!.data]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
    expect(node.params.weight!.shape).toEqual([2, 2, 2, 2]);
  });

  test.each([1, 2, 3, 4])('passes everything on with a kernel of %i', (kernel) => {
    const child = childAt('conv2d', kernel, 'tanh');
    const run = { batch: 2, seed: 1, mode: 'train', story: `kernel ${kernel}` } as const;
    expectPreserved(parent.network, child, 0, run);
  });

  test('is not offered behind input and output, nor with taps that would only read padding', () => {
    const places = insertIdentityLayer.sites(parent.network).map(({ node }) => node);
    expect(places).not.toContain('input');
    expect(places).not.toContain('dense');
    expect(insert('input', 1, 'relu')).toMatchObject({ refusal: { reason: 'wrong-kind' } });
    expect(insert('dense', 1, 'relu')).toMatchObject({ refusal: { reason: 'wrong-kind' } });
    expect(insert('conv2d', 7, 'relu')).toMatchObject({ refusal: { reason: 'bad-size' } });
    expect(insert('flatten', 3, 'relu')).toMatchObject({ refusal: { reason: 'bad-size' } });
  });

  test('refuses the matrix of a large flattened image', () => {
    const net = new NetworkBuilder([1, 32, 33], RandomStream.fromSeed(2));
    net.layer('conv2d', { channels: 1, kernel: 1 });
    net.layer('flatten');
    net.layer('dense', { units: 2 });
    const wide = { network: net.build(), state: freshTrainingState };
    expect(insertIdentityLayer.sites(wide.network).map(({ node }) => node)).not.toContain('flatten');
    expect(insert('flatten', 1, 'relu', wide)).toEqual({
      refusal: { reason: 'bad-size', message: 'Expected at most 1024 channels, got 1056' },
    });
  });

  test('refuses an unknown function', () => {
    expect(insert('conv2d', 1, 'cosine' as ActivationName)).toMatchObject({ refusal: { reason: 'wrong-kind' } });
  });
});
