// Conv becomes a conv2d layer; ONNX stores kernels as we do, [out, in / groups, height, width].
import type { Params } from '../../../network/network.ts';
import { sameShape, tensor, type Shape } from '../../../network/tensor.ts';
import { transposed } from '../matrix.ts';
import type { OperatorCall, Translation } from '../operator-call.ts';
import type { LayerValue } from '../value.ts';
import { zeroPaddedImageInput } from './padding.ts';
import { windowSettings } from './window.ts';

/** Source: the ONNX specification, Conv-11. */
function conv(call: OperatorCall): LayerValue {
  const { shape, data } = call.constantInput(1);
  if (shape.length !== 4) throw call.refusal('a kernel [out, in / groups, height, width]', shape);
  const vector = pooledInput(call, shape);
  if (vector) return pointwise(call, vector);
  const { image, pads: zeros } = zeroPaddedImageInput(call, 0);
  const kernel = [shape[2]!, shape[3]!] as const;
  const declared = call.integers('kernel_shape') ?? kernel;
  if (!sameShape(declared, kernel)) throw call.refusal(`kernel_shape ${kernel.join(' x ')}`, declared.join(' x '));
  const attributes = { ...windowSettings(call, image.shape, kernel, zeros), groups: call.integer('group', 1) };
  const params: Params = { weight: { shape, data } };
  if (!call.input(2)) return call.addLayer('conv2d', [image], attributes, params);
  const bias = call.constantInput(2);
  return call.addLayer('conv2d', [image], attributes, { ...params, bias: { shape: bias.shape, data: bias.data } });
}

/** The input where it is a vector seen as [channels, 1, 1], and the kernel has a single pixel. */
function pooledInput(call: OperatorCall, kernel: Shape): LayerValue | undefined {
  const input = call.input(0);
  const isPointwise = kernel[2] === 1 && kernel[3] === 1 && call.integer('group', 1) === 1;
  if (input?.type !== 'layer' || input.shape.length !== 3 || !isPointwise) return undefined;
  const hasPads = call.integers('pads')?.some((pad) => pad !== 0) === true;
  return call.layer(input).instance.output.length === 1 && !hasPads ? input : undefined;
}

/** There a convolution is a dense layer. */
function pointwise(call: OperatorCall, vector: LayerValue): LayerValue {
  const { shape, data } = call.constantInput(1);
  call.spend(data.length);
  const weight = transposed(tensor(shape.slice(0, 2), data));
  const bias = call.input(2) && call.constantInput(2);
  const params: Params = bias ? { weight, bias: { shape: bias.shape, data: bias.data } } : { weight };
  return call.addLayer('dense', [vector], {}, params, [shape[0]!, 1, 1]);
}

export const convolution: Readonly<Record<string, Translation>> = { Conv: conv };
