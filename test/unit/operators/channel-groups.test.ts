import { describe, expect, test } from 'vitest';
import { channelGroups, joiningGroup, type ChannelGroup } from '../../../operators/channels/channel-groups.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import type { Network } from '../../../src/network/network.ts';
import { RandomStream } from '../../../src/random/stream.ts';

const builder = (shape: number[]): NetworkBuilder => new NetworkBuilder(shape, RandomStream.fromSeed(1));

function groupOf(network: Network, producer: string): ChannelGroup {
  return channelGroups(network).find(({ producers }) => producers.includes(producer))!;
}

const slots = (group: ChannelGroup): string[] =>
  group.slots.map(
    ({ role, node, param, axis, multiplicity, offset }) =>
      `${role} ${node}.${param} axis ${axis} x${multiplicity}${offset > 0 ? ` from ${offset}` : ''}`,
  );

describe('channel groups', () => {
  test('a residual loop is one group, and its convolution both makes and reads it', () => {
    const net = builder([2, 3, 2]);
    const stem = net.layer('conv2d', { channels: 3, kernel: 1 });
    net.layer('conv2d', { channels: 3, kernel: 3, bias: false });
    net.layer('batchNorm');
    net.layer('add', {}, [net.last, stem]);
    net.layer('globalAvgPool');
    net.layer('dense', { units: 2 });
    const group = groupOf(net.build(), 'conv2d');
    expect(group.channels).toBe(3);
    expect(group.locked).toBeUndefined();
    expect(group.producers).toEqual(['conv2d', 'conv2d_2']);
    expect(slots(group)).toEqual([
      'producer conv2d.weight axis 0 x1',
      'producer conv2d.bias axis 0 x1',
      'producer conv2d_2.weight axis 0 x1',
      'consumer conv2d_2.weight axis 1 x1',
      'perChannel batchNorm.gamma axis 0 x1',
      'perChannel batchNorm.beta axis 0 x1',
      'perChannel batchNorm.mean axis 0 x1',
      'perChannel batchNorm.variance axis 0 x1',
      'consumer dense.weight axis 0 x1',
    ]);
  });

  test('flatten gives every channel as many features as it has pixels', () => {
    const net = builder([1, 3, 2]);
    net.layer('conv2d', { channels: 2, kernel: 1, bias: false });
    net.layer('flatten');
    net.layer('batchNorm');
    net.layer('dense', { units: 2 });
    const group = groupOf(net.build(), 'conv2d');
    expect(group.channels).toBe(2);
    expect(slots(group)).toContain('perChannel batchNorm.gamma axis 0 x6');
    expect(slots(group)).toContain('consumer dense.weight axis 0 x6');
  });

  test('the input, the output and softmax are locked, and say why', () => {
    const net = builder([2, 3, 2]);
    net.layer('conv2d', { channels: 2, kernel: 1 });
    net.layer('globalAvgPool');
    net.layer('dense', { units: 3 });
    net.layer('softmax');
    net.layer('dense', { units: 2 });
    const network = net.build();
    expect(channelGroups(network).map(({ producers, locked }) => [producers[0], locked])).toEqual([
      [undefined, 'the input has the channels of the data'],
      ['conv2d', undefined],
      ['dense', 'softmax mixes all channels'],
      [undefined, 'softmax mixes all channels'],
      ['dense_2', 'the output has the channels that the task wants'],
    ]);
  });

  test('a depthwise convolution follows its channels', () => {
    const net = builder([1, 3, 2]);
    net.layer('conv2d', { channels: 4, kernel: 1 });
    net.layer('conv2d', { channels: 8, kernel: 2, groups: 4 });
    net.layer('globalAvgPool');
    net.layer('dense', { units: 2 });
    const group = groupOf(net.build(), 'conv2d');
    expect([group.channels, group.locked]).toEqual([4, undefined]);
    expect(slots(group)).toEqual([
      'producer conv2d.weight axis 0 x1',
      'producer conv2d.bias axis 0 x1',
      'perChannel conv2d_2.weight axis 0 x2',
      'perChannel conv2d_2.bias axis 0 x2',
      'consumer dense.weight axis 0 x2',
    ]);
    expect(group.resized).toEqual([{ node: 'conv2d_2', multiplicity: 1 }]);
  });

  test('what a grouped convolution reads in blocks of 2 and makes in blocks of 3 changes by whole blocks', () => {
    const net = builder([1, 3, 2]);
    net.layer('conv2d', { channels: 4, kernel: 1 });
    net.layer('batchNorm');
    net.layer('conv2d', { channels: 6, kernel: 2, groups: 2, bias: false });
    net.layer('globalAvgPool');
    net.layer('dense', { units: 2 });
    const group = groupOf(net.build(), 'conv2d');
    expect([group.channels, group.locked]).toEqual([2, undefined]);
    expect(slots(group)).toContain('producer conv2d.weight axis 0 x2');
    expect(slots(group)).toContain('perChannel batchNorm.variance axis 0 x2');
    expect(slots(group)).toContain('perChannel conv2d_2.weight axis 0 x3');
    expect(slots(group)).toContain('consumer dense.weight axis 0 x3');
    expect(group.resized).toEqual([{ node: 'conv2d_2', multiplicity: 2 }]);
  });

  test('blocks that reach over the seam of joined tensors are locked', () => {
    const net = builder([1, 3, 2]);
    const [one, other] = [1, 3].map((channels) => net.layer('conv2d', { channels, kernel: 1 }, ['input']));
    net.layer('concat', {}, [one!, other!]);
    net.layer('conv2d', { channels: 2, kernel: 1, groups: 2 });
    net.layer('globalAvgPool');
    net.layer('dense', { units: 2 });
    const reason = 'blocks of 2 channels reach over the seams of joined tensors';
    expect(groupOf(net.build(), one!).locked).toBe(reason);
    expect(groupOf(net.build(), other!).locked).toBe(reason);
  });

  test('under layerNorm channels can only be repeated; where it reads several groups they are locked', () => {
    const net = builder([4]);
    const [one, other] = [2, 3].map((units) => net.layer('dense', { units }, ['input']));
    net.layer('layerNorm', {}, [one!]);
    net.layer('dense', { units: 2 });
    const reason = 'layerNorm normalises over all channels together';
    expect(groupOf(net.build(), one!)).toMatchObject({ locked: undefined, uniform: reason });
    net.layer('layerNorm', {}, [net.layer('concat', {}, [one!, other!])]);
    net.layer('dense', { units: 2 });
    expect(groupOf(net.build(), one!).locked).toBe(reason);
    expect(groupOf(net.build(), other!).locked).toBe(reason);
  });

  test('channels that are to join others have the readers of the node they come behind', () => {
    const net = builder([1, 3, 2]);
    const one = net.layer('conv2d', { channels: 2, kernel: 1 });
    net.layer('concat', {}, [one, net.layer('conv2d', { channels: 3, kernel: 1 }), one]);
    net.layer('batchNorm');
    net.layer('flatten');
    net.layer('dense', { units: 2 });
    const group = joiningGroup(net.build(), { behind: one, channels: 4 });
    expect([group.channels, group.producers, group.locked]).toEqual([4, [], undefined]);
    expect(slots(group)).toContain('consumer conv2d_2.weight axis 1 x1 from 2');
    expect(slots(group)).toContain('perChannel batchNorm.gamma axis 0 x1 from 2');
    expect(slots(group)).toContain('perChannel batchNorm.gamma axis 0 x1 from 7');
    expect(slots(group)).toContain('consumer dense.weight axis 0 x6 from 12');
    expect(slots(group)).toContain('consumer dense.weight axis 0 x6 from 42');
    net.layer('add', {}, ['dense', net.layer('dense', { units: 2 }, ['flatten'])]);
    expect(joiningGroup(net.build(), { behind: 'dense', channels: 1 }).locked).toBe(
      'tensors joined of different parts are tied together',
    );
  });

  test('an image and a plain vector that are added after flattening change by whole images', () => {
    const net = builder([1, 3, 2]);
    net.layer('conv2d', { channels: 2, kernel: 1 });
    const image = net.layer('flatten');
    const vector = net.layer('dense', { units: 12 });
    net.layer('add', {}, [image, vector]);
    net.layer('dense', { units: 2 });
    const group = groupOf(net.build(), 'dense');
    expect([group.channels, group.locked, group.producers]).toEqual([2, undefined, ['conv2d', 'dense']]);
    expect(slots(group)).toContain('producer dense.weight axis 1 x6');
    expect(slots(group)).toContain('consumer dense_2.weight axis 0 x6');
  });

  test('two images that are flattened and added are one group', () => {
    const net = builder([1, 3, 2]);
    const [one, other] = [1, 3].map((kernel) => {
      net.layer('conv2d', { channels: 2, kernel }, ['input']);
      return net.layer('flatten');
    });
    net.layer('add', {}, [one!, other!]);
    net.layer('dense', { units: 2 });
    const group = groupOf(net.build(), 'conv2d_2');
    expect(group.producers).toEqual(['conv2d', 'conv2d_2']);
    expect(group.locked).toBeUndefined();
    expect(slots(group)).toContain('consumer dense.weight axis 0 x6');
  });

  test('concat keeps groups apart: who reads it has a slot for each, behind those before', () => {
    const net = builder([1, 3, 2]);
    const one = net.layer('conv2d', { channels: 2, kernel: 1, bias: false });
    const other = net.layer('conv2d', { channels: 3, kernel: 1, bias: false }, ['input']);
    net.layer('concat', {}, [one, other, one]);
    net.layer('batchNorm');
    net.layer('flatten');
    net.layer('dense', { units: 2 });
    const [first, second] = [groupOf(net.build(), 'conv2d'), groupOf(net.build(), 'conv2d_2')];
    expect([first.channels, second.channels]).toEqual([2, 3]);
    expect([first.locked, second.locked]).toEqual([undefined, undefined]);
    const wanted = [
      'producer conv2d.weight axis 0 x1',
      ...['gamma', 'beta', 'mean', 'variance'].map((name) => `perChannel batchNorm.${name} axis 0 x1`),
      ...['gamma', 'beta', 'mean', 'variance'].map((name) => `perChannel batchNorm.${name} axis 0 x1 from 5`),
      'consumer dense.weight axis 0 x6',
      'consumer dense.weight axis 0 x6 from 30',
    ];
    expect(slots(first).sort()).toEqual(wanted.sort());
    expect(slots(second)).toContain('perChannel batchNorm.gamma axis 0 x1 from 2');
    expect(slots(second)).toContain('consumer dense.weight axis 0 x6 from 12');
  });

  test('tensors joined of equal parts and added are united part by part; other parts lock each other', () => {
    const net = builder([4]);
    const [a, b, c, d, e] = [1, 2, 1, 2, 3].map((units) => net.layer('dense', { units }, ['input']));
    const [one, other] = [net.layer('concat', {}, [a!, b!]), net.layer('concat', {}, [c!, d!])];
    const sum = net.layer('add', {}, [one, other]);
    net.layer('dense', { units: 2 }, [sum]);
    expect(groupOf(net.build(), a!).producers).toEqual([a, c]);
    expect(groupOf(net.build(), b!).producers).toEqual([b, d]);
    expect(groupOf(net.build(), b!).locked).toBeUndefined();
    net.layer('add', {}, [sum, e!]);
    net.layer('dense', { units: 2 });
    for (const id of [a!, b!, e!]) {
      expect(groupOf(net.build(), id).locked).toBe('tensors joined of different parts are tied together');
    }
  });
});
