import { describe, expect, test } from 'vitest';
import { dropLayer } from '../../../operators/drop-layer.ts';
import { foldActiSwitch } from '../../../operators/fold-acti-switch.ts';
import { foldBatchNorm } from '../../../operators/fold-batch-norm.ts';
import { mergeLinearLayers } from '../../../operators/merge-linear-layers.ts';
import { removeIdentityLayer } from '../../../operators/remove-identity-layer.ts';
import { separateConvolution } from '../../../operators/separate-convolution.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import type { Network } from '../../../src/network/network.ts';
import { outputNode } from '../../../src/network/network.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { relativeError } from '../../helpers/compare.ts';
import { childAt, dataOf, reasonAt, withParams } from '../../helpers/operator-cases.ts';
import { forwardValues } from '../../helpers/passes.ts';
import { lively } from '../../helpers/random-network.ts';
import { randomState } from '../../helpers/random-state.ts';

const builderFor = (shape: readonly number[]) => new NetworkBuilder(shape, RandomStream.fromSeed(1));

/** How far the outputs are apart in eval mode, as a share of the largest. */
function changeOf(parent: Network, child: Network): number {
  const [before, after] = [parent, child].map((network) =>
    forwardValues(network, 4, 1, 'eval').outputs.get(outputNode(network).id)!,
  );
  return relativeError(after!, before!, 1);
}

const kindsOf = ({ nodes }: Network): string[] => nodes.map(({ kind }) => kind);

describe('removing an identity layer', () => {
  const net = builderFor([2]);
  net.layer('dense', { units: 2 });
  net.layer('dense', { units: 3 });
  const identity = { weight: [1, 0, 0, 1], bias: [0, 0] };

  test('takes the layer out, and its readers read what it read', () => {
    const child = childAt(removeIdentityLayer, withParams(net.build(), { dense: identity }), { node: 'dense' });
    expect(child.nodes.map(({ id, inputs }) => [id, ...inputs])).toEqual([['input'], ['dense_2', 'input']]);
  });

  test('asks for every weight and bias to be exactly that of the identity', () => {
    for (const change of [
      { weight: [1, 1e-30, 0, 1] },
      { weight: [1, 0, 0, 1.0000001] },
      { weight: [0, 1, 1, 0] },
      { bias: [0, -1e-30] },
    ]) {
      const parent = withParams(net.build(), { dense: { ...identity, ...change } });
      expect(removeIdentityLayer.sites(parent), JSON.stringify(change)).toEqual([]);
      expect(reasonAt(removeIdentityLayer, parent, { node: 'dense' })).toBe('not-exact');
    }
  });

  test('knows the centre of a kernel, and that a stride or other pads move it', () => {
    const delta = [0, 0, 0, 0, 1, 0, 0, 0, 0];
    const found = (options: object, weight: readonly number[]): number => {
      const conv = builderFor([1, 5, 5]);
      conv.layer('conv2d', { channels: 1, kernel: 3, ...options });
      conv.layer('flatten');
      conv.layer('dense', { units: 1 });
      return removeIdentityLayer.sites(withParams(conv.build(), { conv2d: { weight } })).length;
    };
    expect(found({}, delta)).toBe(1);
    expect(found({}, delta.toReversed())).toBe(1);
    expect(found({}, [0, 0, 0, 1, 0, 0, 0, 0, 0])).toBe(0);
    expect(found({ padding: [0, 1, 2, 1] }, delta)).toBe(0);
    expect(found({ padding: [3, 3, 2, 2], stride: 2 }, delta)).toBe(0);
  });

  test('does not take dropout for an identity, nor an actiSwitch that bends', () => {
    const other = builderFor([2]);
    other.layer('dropout', { rate: 0.5 });
    other.layer('actiSwitch', { function: 'relu', start: 'active' });
    other.layer('dense', { units: 3 });
    expect(removeIdentityLayer.sites(other.build())).toEqual([]);
    for (const [linear, active] of [
      [0.5, 0],
      [1, 0.5],
    ] as const) {
      const parent = withParams(other.build(), { actiSwitch: { linear: [linear], active: [active] } });
      expect(removeIdentityLayer.sites(parent)).toEqual([]);
    }
  });
});

describe('folding an actiSwitch', () => {
  const net = builderFor([2]);
  net.layer('actiSwitch', { function: 'tanh' });
  net.layer('dense', { units: 3 });
  const switched = (linear: number, active: number): Network =>
    withParams(net.build(), { actiSwitch: { linear: [linear], active: [active] } });

  test.each([
    [0, 1, ['activation']],
    [0.5, 0, ['scale']],
    [0, -2, ['activation', 'scale']],
    [0, 0, ['scale']],
  ] as const)('of l = %d, a = %d leaves %j', (linear, active, kinds) => {
    const child = childAt(foldActiSwitch, switched(linear, active), { node: 'actiSwitch' });
    expect(kindsOf(child)).toEqual(['input', ...kinds, 'dense']);
    expect(changeOf(switched(linear, active), child)).toBe(0);
    if (kinds.at(-1) === 'scale')
      expect(dataOf(child, 'actiSwitch', 'factor')).toEqual([linear === 0 ? active : linear]);
  });

  test('hands the moments of the factor that stays on', () => {
    const parent = switched(0, -2);
    const state = randomState(parent, 1);
    const result = foldActiSwitch.apply({ network: parent, state }, { node: 'actiSwitch' }, RandomStream.fromSeed(1));
    if ('refusal' in result) expect.fail(result.refusal.message);
    const { moments } = result.child.state;
    expect(moments.actiSwitch).toEqual({ factor: state.moments.actiSwitch!.active });
    expect(moments.dense).toBe(state.moments.dense);
  });

  test('is not possible while both parts count, and leaves (1, 0) to be removed', () => {
    for (const parent of [switched(1e-30, 1), switched(1, 1e-30), switched(1, 0)]) {
      expect(foldActiSwitch.sites(parent)).toEqual([]);
      expect(reasonAt(foldActiSwitch, parent, { node: 'actiSwitch' })).toBe('not-exact');
    }
  });
});

describe('merging linear layers', () => {
  test('multiplies two dense layers', () => {
    const net = builderFor([2]);
    net.layer('dense', { units: 3 });
    net.layer('dense', { units: 2 });
    const parent = withParams(net.build(), {
      dense: { weight: [1, 2, 3, 4, 5, 6], bias: [1, 0, -1] },
      dense_2: { weight: [1, 0, 0, 1, 1, 1], bias: [10, 20] },
    });
    const child = childAt(mergeLinearLayers, parent, { node: 'dense_2' });
    expect(dataOf(child, 'dense_2', 'weight')).toEqual([4, 5, 10, 11]);
    expect(dataOf(child, 'dense_2', 'bias')).toEqual([10, 19]);
    expect(kindsOf(child)).toEqual(['input', 'dense']);
  });

  interface Convolution {
    readonly kernel: number;
    readonly stride?: number;
    readonly dilation?: number;
    readonly padding?: string;
    readonly bias?: boolean;
    readonly channels?: number;
    readonly groups?: number;
  }

  function inARow(...convolutions: readonly Convolution[]): Network {
    const net = builderFor([2, 7, 6]);
    for (const convolution of convolutions) net.layer('conv2d', { channels: 4, ...convolution });
    net.layer('flatten');
    net.layer('dense', { units: 2 });
    return lively(net.build(), RandomStream.fromSeed(5));
  }

  test.each([
    ['1x1 and 1x1', [{ kernel: 1 }, { kernel: 1 }]],
    ['3x3, strided, dilated, padded, and 1x1', [{ kernel: 3, stride: 2, dilation: 2 }, { kernel: 1 }]],
    [
      '1x1 without bias and 3x3, strided and padded',
      [
        { kernel: 1, bias: false },
        { kernel: 3, stride: 2 },
      ],
    ],
    ['1x1 with bias and 3x3 without padding', [{ kernel: 1 }, { kernel: 3, padding: 'valid' }]],
    [
      'neither with bias',
      [
        { kernel: 3, bias: false },
        { kernel: 1, bias: false },
      ],
    ],
  ] satisfies [string, Convolution[]][])('merges convolutions: %s', (_, convolutions) => {
    const parent = inARow(...convolutions);
    const child = childAt(mergeLinearLayers, parent, { node: 'conv2d_2' });
    expect(kindsOf(child)).toEqual(['input', 'conv2d', 'flatten', 'dense']);
    expect(changeOf(parent, child)).toBeLessThan(1e-6);
  });

  test.each([
    ['a bias before padding', 'not-exact', [{ kernel: 1 }, { kernel: 3 }]],
    ['two kernels', 'not-exact', [{ kernel: 3, bias: false }, { kernel: 3 }]],
    ['a strided 1x1 before a kernel', 'not-exact', [{ kernel: 1, stride: 2, bias: false }, { kernel: 3 }]],
    ['groups', 'wrong-kind', [{ kernel: 3 }, { kernel: 1, groups: 2 }]],
    [
      'a bottleneck',
      'bad-size',
      [
        { kernel: 3, channels: 1 },
        { kernel: 1, channels: 8 },
      ],
    ],
  ] satisfies [string, string, Convolution[]][])('refuses %s', (_, reason, convolutions) => {
    const parent = inARow(...convolutions);
    expect(reasonAt(mergeLinearLayers, parent, { node: 'conv2d_2' })).toBe(reason);
    expect(mergeLinearLayers.sites(parent)).toEqual([]);
  });

  test('leaves what somebody else reads too, or the same one twice', () => {
    const net = builderFor([2]);
    const first = net.layer('dense', { units: 2 });
    const second = net.layer('dense', { units: 2 });
    net.layer('add', {}, [first, second]);
    net.layer('activation', { function: 'relu' });
    net.layer('dense', { units: 1 });
    expect(mergeLinearLayers.sites(net.build())).toEqual([]);
  });
});

describe('folding a batch norm', () => {
  test('scales weights and moves the bias, epsilon included', () => {
    const net = builderFor([1]);
    net.layer('dense', { units: 2, bias: false });
    net.layer('batchNorm', { epsilon: 1 });
    net.layer('dense', { units: 1 });
    const parent = withParams(net.build(), {
      dense: { weight: [1, 2] },
      batchNorm: { gamma: [4, -3], beta: [1, 2], mean: [2, 5], variance: [3, 8] },
    });
    const child = childAt(foldBatchNorm, parent, { node: 'batchNorm' });
    expect(dataOf(child, 'batchNorm', 'weight')).toEqual([2, -2]);
    expect(dataOf(child, 'batchNorm', 'bias')).toEqual([-3, 7]);
    expect(kindsOf(child)).toEqual(['input', 'dense', 'dense']);
  });

  test('leaves one whose layer somebody else reads too, and one behind something else', () => {
    const net = builderFor([2]);
    const first = net.layer('dense', { units: 2 });
    const norm = net.layer('batchNorm');
    net.layer('add', {}, [first, norm]);
    const alone = net.layer('batchNorm');
    net.layer('dense', { units: 1 });
    expect(foldBatchNorm.sites(net.build())).toEqual([]);
    expect(reasonAt(foldBatchNorm, net.build(), { node: norm })).toBe('not-exact');
    expect(reasonAt(foldBatchNorm, net.build(), { node: alone })).toBe('wrong-kind');
  });
});

describe('taking a convolution apart', () => {
  const build = (options: object): Network => {
    const net = builderFor([2, 6, 5]);
    net.layer('conv2d', { channels: 5, kernel: 3, ...options });
    net.layer('flatten');
    net.layer('dense', { units: 2 });
    return lively(net.build(), RandomStream.fromSeed(5));
  };
  const weightsOf = (network: Network): number[] => dataOf(network, 'conv2d', 'weight');

  test.each([{}, { stride: 2 }, { dilation: 2 }, { padding: 'valid' }, { bias: false }])(
    'changes nothing where every kernel is a multiple of one: %j',
    (options) => {
      const scales = [1, -2, 0.5, 3, 0];
      const base = [1, 2, 3, -4, 5, 6, -7, 8, 9, 2, 0, 1, 3, -1, 0, 2, 2, -3];
      const rankOne = scales.flatMap((scale) => base.map((value) => (scale * value) / 8));
      const parent = withParams(build(options), { conv2d: { weight: rankOne } });
      const child = childAt(separateConvolution, parent, { node: 'conv2d' });
      expect(changeOf(parent, child)).toBeLessThan(1e-6);
    },
  );

  test('is as near as rank 1 can be: what is left is orthogonal to both factors', () => {
    const parent = build({});
    const child = childAt(separateConvolution, parent, { node: 'conv2d' });
    const [depthwise, mix] = [dataOf(child, 'conv2d_2', 'weight'), weightsOf(child)];
    const old = weightsOf(parent);
    let [error, best] = [0, 0];
    for (let input = 0; input < 2; input++) {
      const at = (output: number, tap: number): number => old[(output * 2 + input) * 9 + tap]!;
      const v = depthwise.slice(input * 9, input * 9 + 9);
      const u = Array.from({ length: 5 }, (_, output) => mix[output * 2 + input]!);
      const rest = (output: number, tap: number): number => at(output, tap) - u[output]! * v[tap]!;
      for (let output = 0; output < 5; output++) {
        expect(v.reduce((sum, value, tap) => sum + value * rest(output, tap), 0)).toBeCloseTo(0, 5);
        for (let tap = 0; tap < 9; tap++) error += rest(output, tap) ** 2;
      }
      v.forEach((_, tap) => {
        expect(u.reduce((sum, value, output) => sum + value * rest(output, tap), 0)).toBeCloseTo(0, 4);
      });
      // No single row of kernels is a better direction.
      const norms = Array.from({ length: 5 }, (_, output) =>
        v.reduce((sum, _tap, tap) => sum + at(output, tap) ** 2, 0),
      );
      best += norms.reduce((sum, value) => sum + value, 0) - Math.max(...norms);
    }
    expect(error).toBeLessThanOrEqual(best);
  });

  test('keeps an input channel alive whose weights are all 0', () => {
    const weights = weightsOf(build({})).map((value, index) => (Math.floor(index / 9) % 2 === 0 ? 0 : value));
    const child = childAt(separateConvolution, withParams(build({}), { conv2d: { weight: weights } }), {
      node: 'conv2d',
    });
    expect(dataOf(child, 'conv2d_2', 'weight').slice(0, 9).every(Number.isFinite)).toBe(true);
    expect(
      dataOf(child, 'conv2d_2', 'weight')
        .slice(0, 9)
        .some((value) => value !== 0),
    ).toBe(true);
  });

  test('refuses what costs no less apart, and groups', () => {
    expect(reasonAt(separateConvolution, build({ kernel: 1 }), { node: 'conv2d' })).toBe('bad-size');
    expect(reasonAt(separateConvolution, build({ channels: 1 }), { node: 'conv2d' })).toBe('bad-size');
    expect(reasonAt(separateConvolution, build({ channels: 4, groups: 2 }), { node: 'conv2d' })).toBe('wrong-kind');
    expect(reasonAt(separateConvolution, build({}), { node: 'dense' })).toBe('wrong-kind');
  });
});

describe('dropping a layer', () => {
  const net = builderFor([3]);
  const first = net.layer('dense', { units: 2 });
  const inner = net.layer('dense', { units: 2 });
  net.layer('activation', { function: 'relu' });
  const sum = net.layer('add', {}, [first, net.last]);
  net.layer('dense', { units: 2 });
  const parent = net.build();

  test('is offered where shapes agree and something is saved, but not for the output', () => {
    expect(dropLayer.sites(parent)).toEqual([
      { node: inner, input: 0 },
      { node: sum, input: 0 },
    ]);
  });

  test('drops a branch with all that only it needed', () => {
    const child = childAt(dropLayer, parent, { node: sum, input: 0 });
    expect(child.nodes.map(({ id, inputs }) => [id, ...inputs])).toEqual([
      ['input'],
      [first, 'input'],
      ['dense_3', first],
    ]);
  });

  test('refuses what saves nothing, changes the shape, or is the output', () => {
    expect(reasonAt(dropLayer, parent, { node: sum, input: 1 })).toBe('bad-size');
    expect(reasonAt(dropLayer, parent, { node: 'activation', input: 0 })).toBe('bad-size');
    expect(reasonAt(dropLayer, parent, { node: first, input: 0 })).toBe('wrong-kind');
    expect(reasonAt(dropLayer, parent, { node: 'dense_3', input: 0 })).toBe('wrong-kind');
  });
});
