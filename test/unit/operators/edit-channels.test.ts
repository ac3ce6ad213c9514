import { describe, expect, test } from 'vitest';
import { channelGroups } from '../../../operators/channels/channel-groups.ts';
import { editChannels } from '../../../operators/channels/edit-channels.ts';
import { remapTensor } from '../../../operators/remap-tensor.ts';
import { layersOf } from '../../../src/network/shapes.ts';
import type { Network, NetworkNode } from '../../../src/network/network.ts';
import { tensor, type Tensor } from '../../../src/network/tensor.ts';
import { validate } from '../../../src/network/validate.ts';
import { freshTrainingState, type TrainedNetwork } from '../../../src/training/training-state.ts';

const values = (shape: number[], data: number[]): Tensor => tensor(shape, Float32Array.from(data));
const counted = (shape: number[], from: number): Tensor => {
  const size = shape.reduce((product, side) => product * side, 1);
  return values(
    shape,
    Array.from({ length: size }, (_, i) => from + i),
  );
};

/** Image [1, 3, 2] -> 1x1 convolution to 2 channels -> flatten -> dense [12, 1]. */
function flattened(): Network {
  const window = { stride: [1, 1], dilation: [1, 1], pads: [0, 0, 0, 0], groups: 1 };
  const nodes: NetworkNode[] = [
    { id: 'image', kind: 'input', inputs: [], attributes: { shape: [1, 3, 2] }, params: {} },
    {
      id: 'conv',
      kind: 'conv2d',
      inputs: ['image'],
      attributes: window,
      params: { weight: values([2, 1, 1, 1], [5, 7]), bias: values([2], [1, 2]) },
    },
    { id: 'flat', kind: 'flatten', inputs: ['conv'], attributes: {}, params: {} },
    { id: 'head', kind: 'dense', inputs: ['flat'], attributes: {}, params: { weight: counted([12, 1], 1) } },
  ];
  return { nodes };
}

function edited(parent: TrainedNetwork, map: (number | undefined)[], fresh: number): TrainedNetwork {
  const group = channelGroups(parent.network).find(({ producers }) => producers.includes('conv'))!;
  const child = editChannels(parent, group, { map, start: ({ count }) => new Float32Array(count).fill(fresh) });
  validate(child.network);
  return child;
}

const paramsOf = ({ network }: TrainedNetwork, id: string): Record<string, number[]> =>
  Object.fromEntries(
    Object.entries(network.nodes.find((node) => node.id === id)!.params).map(([name, { data }]) => [name, [...data]]),
  );

describe('editing the channels of a group', () => {
  const parent = { network: flattened(), state: freshTrainingState };

  test('channel c of a flattened image owns the rows c * H * W up to (c + 1) * H * W', () => {
    const child = edited(parent, [1, undefined, 0], 9);
    expect(paramsOf(child, 'conv')).toEqual({ weight: [7, 9, 5], bias: [2, 9, 1] });
    expect(paramsOf(child, 'head').weight).toEqual([7, 8, 9, 10, 11, 12, 9, 9, 9, 9, 9, 9, 1, 2, 3, 4, 5, 6]);
    expect(layersOf(child.network).get('flat')!.output).toEqual([18]);
  });

  test('a subset prunes and repeated indices replicate', () => {
    expect(paramsOf(edited(parent, [1], 0), 'head').weight).toEqual([7, 8, 9, 10, 11, 12]);
    expect(paramsOf(edited(parent, [1, 1], 0), 'conv')).toEqual({ weight: [7, 7], bias: [2, 2] });
  });

  test('moments of old entries move with them; ages become one per entry only where they differ', () => {
    const moments = { first: values([2], [0.5, 0.25]), second: values([2], [4, 8]), age: values([1], [30]) };
    const trained = { network: parent.network, state: { moments: { conv: { bias: moments } } } };
    const wider = edited(trained, [0, 1, undefined], 0).state.moments.conv!;
    expect(Object.keys(wider)).toEqual(['bias']);
    expect(wider.bias!.first).toEqual(values([3], [0.5, 0.25, 0]));
    expect(wider.bias!.second).toEqual(values([3], [4, 8, 0]));
    expect(wider.bias!.age).toEqual(values([3], [30, 30, 0]));
    expect(edited(trained, [1, 0], 0).state.moments.conv!.bias!.age).toEqual(values([1], [30]));
  });
});

describe('editing channels behind concat', () => {
  /** Vector [1] -> dense of 2 and dense of 1 -> concat: the first, the other, the first again -> dense [5, 1]. */
  const ends = {
    nodes: [
      { id: 'vector', kind: 'input', inputs: [], attributes: { shape: [1] }, params: {} },
      { id: 'conv', kind: 'dense', inputs: ['vector'], attributes: {}, params: { weight: values([1, 2], [5, 7]) } },
      { id: 'other', kind: 'dense', inputs: ['vector'], attributes: {}, params: { weight: values([1, 1], [3]) } },
      { id: 'joined', kind: 'concat', inputs: ['conv', 'other', 'conv'], attributes: {}, params: {} },
      { id: 'head', kind: 'dense', inputs: ['joined'], attributes: {}, params: { weight: counted([5, 1], 1) } },
    ],
  };
  const parent = { network: ends, state: freshTrainingState };

  test('every place of the group changes, what lies between stays', () => {
    expect(paramsOf(edited(parent, [0, 1, undefined], 9), 'head').weight).toEqual([1, 2, 9, 3, 4, 5, 9]);
    expect(paramsOf(edited(parent, [1], 9), 'head').weight).toEqual([2, 3, 5]);
    expect(paramsOf(edited(parent, [undefined, 1, 0], 9), 'head').weight).toEqual([9, 2, 1, 3, 9, 5, 4]);
  });
});

describe('remapping a tensor', () => {
  test('moves blocks behind the last mapped axis, and leaves fresh entries at 0', () => {
    const maps = new Map([[1, [undefined, 1, 0]]]);
    expect(remapTensor(counted([2, 2, 2], 1), maps)).toEqual(values([2, 3, 2], [0, 0, 3, 4, 1, 2, 0, 0, 7, 8, 5, 6]));
  });

  test('maps two axes at once', () => {
    const maps = new Map([
      [0, [0, undefined]],
      [1, [1, 0, undefined]],
    ]);
    expect(remapTensor(values([1, 2], [3, 4]), maps)).toEqual(values([2, 3], [4, 3, 0, 0, 0, 0]));
  });
});
