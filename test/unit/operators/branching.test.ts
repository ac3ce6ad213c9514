import { describe, expect, test } from 'vitest';
import { insertConcatBranch } from '../../../operators/insert-concat-branch.ts';
import { insertResidualBranch } from '../../../operators/insert-residual-branch.ts';
import { insertSkip } from '../../../operators/insert-skip.ts';
import type { Mutation } from '../../../operators/operator.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import type { Network, NetworkNode } from '../../../src/network/network.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { freshTrainingState } from '../../../src/training/training-state.ts';

const rng = () => RandomStream.fromSeed(7);
const trained = (network: Network) => ({ network, state: freshTrainingState });

function childOf(mutation: Mutation): Network {
  if ('refusal' in mutation) expect.fail(mutation.refusal.message);
  return mutation.child.network;
}

function nodeOf(network: Network, id: string): NetworkNode {
  return network.nodes.find((node) => node.id === id)!;
}

/** conv (2 channels) -> relu -> conv with stride 2 (3 channels) -> relu -> flatten -> dense, on images [1, 5, 4]. */
function strided(): Network {
  const net = new NetworkBuilder([1, 5, 4], RandomStream.fromSeed(3));
  net.layer('conv2d', { channels: 2, kernel: 3 });
  net.layer('activation', { function: 'relu' });
  net.layer('conv2d', { channels: 3, kernel: 3, stride: 2 });
  net.layer('activation', { function: 'relu' });
  net.layer('flatten');
  net.layer('dense', { units: 2 });
  return net.build();
}

describe('a residual branch', () => {
  test('goes from the node by a hidden layer and a layer of zeros into a sum that all others read', () => {
    const site = { node: 'activation', kernel: 3, channels: 4, function: 'silu' } as const;
    const child = childOf(insertResidualBranch.apply(trained(strided()), site, rng()));
    expect(child.nodes.slice(3, 7).map(({ id, kind, inputs }) => [id, kind, ...inputs])).toEqual([
      ['conv2d_3', 'conv2d', 'activation'],
      ['activation_3', 'activation', 'conv2d_3'],
      ['conv2d_4', 'conv2d', 'activation_3'],
      ['add', 'add', 'activation', 'conv2d_4'],
    ]);
    expect(nodeOf(child, 'conv2d_2').inputs).toEqual(['add']);
    expect(nodeOf(child, 'conv2d_3').params.weight!.shape).toEqual([4, 2, 3, 3]);
    expect(nodeOf(child, 'conv2d_4').params.weight!.shape).toEqual([2, 4, 1, 1]);
    expect(nodeOf(child, 'conv2d_4').params.weight!.data.every((x) => x === 0)).toBe(true);
  });
});

describe('a skip', () => {
  const skip = (node: string, from: string, network = strided()) =>
    insertSkip.apply(trained(network), { node, from }, rng());

  test('between equal shapes is a closed gate', () => {
    const child = childOf(skip('activation', 'conv2d'));
    expect(nodeOf(child, 'scale').inputs).toEqual(['conv2d']);
    expect([...nodeOf(child, 'scale').params.factor!.data]).toEqual([0]);
    expect(nodeOf(child, 'add').inputs).toEqual(['activation', 'scale']);
    expect(nodeOf(child, 'conv2d_2').inputs).toEqual(['add']);
  });

  test('between other shapes is a 1x1 convolution of zeros with the stride of what it passes', () => {
    const child = childOf(skip('activation_2', 'activation'));
    const gate = nodeOf(child, 'conv2d_3');
    expect(gate.attributes).toEqual({ stride: [2, 2], dilation: [1, 1], pads: [0, 0, 0, 0], groups: 1 });
    expect(gate.params.weight!.shape).toEqual([3, 2, 1, 1]);
    expect(gate.params.weight!.data.every((x) => x === 0)).toBe(true);
  });

  test('is refused from later nodes, from images to vectors, and beside another', () => {
    expect(skip('conv2d', 'activation')).toMatchObject({ refusal: { reason: 'wrong-kind' } });
    expect(skip('flatten', 'conv2d')).toMatchObject({ refusal: { reason: 'bad-size' } });
    const once = childOf(skip('activation', 'conv2d'));
    expect(skip('activation', 'conv2d', once)).toMatchObject({ refusal: { reason: 'wrong-kind' } });
    expect(insertSkip.sites(once)).not.toContainEqual({ node: 'activation', from: 'conv2d' });
  });
});

describe('a concat branch', () => {
  const site = { node: 'activation_2', from: 'conv2d_2', kernel: 1, channels: 2, function: 'relu' } as const;

  test('comes behind the channels of the node, and who reads them has zeros for it', () => {
    const parent = strided();
    const child = childOf(insertConcatBranch.apply(trained(parent), site, rng()));
    expect(nodeOf(child, 'conv2d_3').inputs).toEqual(['conv2d_2']);
    expect(nodeOf(child, 'concat').inputs).toEqual(['activation_2', 'activation_3']);
    expect(nodeOf(child, 'flatten').inputs).toEqual(['concat']);
    // Three channels of 3 x 2 pixels, and then two more.
    const [before, after] = [parent, child].map((network) => [...nodeOf(network, 'dense').params.weight!.data]);
    expect(after!.slice(0, 36)).toEqual(before);
    expect(after!.slice(36)).toEqual(Array(24).fill(0));
  });

  test('is refused where the channels are added to others, and where the branch would have other pixels', () => {
    const joined = childOf(insertSkip.apply(trained(strided()), { node: 'activation_2', from: 'conv2d_2' }, rng()));
    expect(insertConcatBranch.apply(trained(joined), site, rng())).toMatchObject({
      refusal: { reason: 'locked-channels' },
    });
    const far = { ...site, from: 'activation' };
    expect(insertConcatBranch.apply(trained(strided()), far, rng())).toMatchObject({
      refusal: { reason: 'wrong-kind' },
    });
  });
});
