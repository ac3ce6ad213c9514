// Products and sums of a tensor and stored numbers, y = factor * x + shift, as part of the layer that makes x or as an own one.
import type { Params } from '../../../network/network.ts';
import { filled, sizeOf, tensor, type Tensor } from '../../../network/tensor.ts';
import { multiplied } from '../matrix.ts';
import type { OperatorCall } from '../operator-call.ts';
import { perChannel } from '../per-channel.ts';
import { scalarOf, type ConstantValue, type LayerValue } from '../value.ts';

/** What makes the output of a layer linear: the axis of the output's channels by parameter, and the one added to it. */
interface LinearEnd {
  readonly channelAxis: Readonly<Record<string, number>>;
  readonly added: string;
}

const linearEnds: ReadonlyMap<string, LinearEnd> = new Map([
  ['conv2d', { channelAxis: { weight: 0, bias: 0 }, added: 'bias' }],
  ['dense', { channelAxis: { weight: 1, bias: 0 }, added: 'bias' }],
  ['batchNorm', { channelAxis: { gamma: 0, beta: 0 }, added: 'beta' }],
  ['layerNorm', { channelAxis: { gamma: 0, beta: 0 }, added: 'beta' }],
]);

/**
 * x times one stored number for each channel, or for all. A single number with an axis is one that was learned, as
 * PyTorch stores it: a scale layer of its own. Numbers without axes were written in code.
 */
export function scaledBy(call: OperatorCall, x: LayerValue, constant: ConstantValue): LayerValue {
  const factor = scalarOf(constant);
  const folds = linearEnds.has(call.layer(x).node.kind);
  if (factor === undefined || constant.shape.length > 1 || (constant.shape.length === 0 && folds)) {
    return affine(call, x, { factor: channelsOf(call, x, constant) });
  }
  return call.addLayer('scale', [x], {}, { factor: tensor([1], Float32Array.of(factor)) }, x.shape);
}

/** A stored constant with a function applied to each number. */
export function mapped(call: OperatorCall, constant: ConstantValue, change: (value: number) => number): ConstantValue {
  call.spend(constant.data.length);
  return { ...constant, data: constant.data.map(change) };
}

/** x plus a stored number, or one for each channel; `sign` -1 for the stored ones minus x. */
export function shiftedBy(call: OperatorCall, x: LayerValue, constant: ConstantValue, sign: 1 | -1 = 1): LayerValue {
  const shift = channelsOf(call, x, constant);
  return affine(call, x, sign === 1 ? { shift } : { factor: filled(shift.shape, -1), shift });
}

function channelsOf(call: OperatorCall, x: LayerValue, constant: ConstantValue): Tensor {
  const numbers = perChannel(call, constant, x.shape);
  if (!numbers) throw call.refusal(`one constant, or one for each of ${x.shape[0]} channels`, constant.shape);
  return numbers;
}

interface Change {
  /** One number for each channel. */
  readonly factor?: Tensor;
  readonly shift?: Tensor;
}

function affine(call: OperatorCall, x: LayerValue, change: Change): LayerValue {
  const { node, instance } = call.layer(x);
  const end = linearEnds.get(node.kind);
  if (end) return call.addVariant(x, folded(call, node.params, end, change));
  // Without a layer to fold into, images get a convolution that leaves every pixel and channel alone.
  if (instance.output.length !== 3) {
    throw call.refusal('constants right behind a convolution, dense or norm layer, or on an image', x.shape);
  }
  const channels = x.shape[0]!;
  const { factor = filled([channels], 1), shift } = change;
  const attributes = { stride: [1, 1], dilation: [1, 1], pads: [0, 0, 0, 0], groups: channels };
  const params = { weight: tensor([channels, 1, 1, 1], factor.data), ...(shift && { bias: shift }) };
  return call.addLayer('conv2d', [x], attributes, params);
}

/** The parameters with the change taken in. */
function folded(
  call: OperatorCall,
  params: Params,
  { channelAxis, added }: LinearEnd,
  { factor, shift }: Change,
): Params {
  const changed = { ...params };
  if (factor) {
    for (const [name, axis] of Object.entries(channelAxis)) {
      if (changed[name]) changed[name] = alongAxis(call, changed[name], axis, factor);
    }
  }
  const before = changed[added];
  if (shift) changed[added] = before ? sumOf(before, shift) : shift;
  return changed;
}

function alongAxis(call: OperatorCall, { shape, data }: Tensor, axis: number, factor: Tensor): Tensor {
  call.spend(data.length);
  if (factor.data.every((value) => value === factor.data[0])) return multiplied({ shape, data }, factor.data[0]!);
  const inner = sizeOf(shape.slice(axis + 1));
  return tensor(
    shape,
    data.map((value, at) => value * factor.data[Math.floor(at / inner) % shape[axis]!]!),
  );
}

function sumOf(one: Tensor, other: Tensor): Tensor {
  return tensor(
    one.shape,
    one.data.map((value, at) => value + other.data[at]!),
  );
}
