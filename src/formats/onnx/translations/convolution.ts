// Conv becomes a conv2d layer; ONNX stores kernels as we do, [out, in / groups, height, width].
import type { Params } from '../../../network/network.ts';
import { sameShape } from '../../../network/tensor.ts';
import type { OperatorCall, Translation } from '../operator-call.ts';
import type { LayerValue } from '../value.ts';
import { paddedImageInput } from './padding.ts';
import { windowSettings } from './window.ts';

/** Source: the ONNX specification, Conv-11. */
function conv(call: OperatorCall): LayerValue {
  const { image, zeros } = paddedImageInput(call, 0);
  const { shape, data } = call.constantInput(1);
  if (shape.length !== 4) throw call.refusal('a kernel [out, in / groups, height, width]', shape);
  const kernel = [shape[2]!, shape[3]!] as const;
  const declared = call.integers('kernel_shape') ?? kernel;
  if (!sameShape(declared, kernel)) throw call.refusal(`kernel_shape ${kernel.join(' x ')}`, declared.join(' x '));
  const attributes = { ...windowSettings(call, image.shape, kernel, zeros), groups: call.integer('group', 1) };
  const params: Params = { weight: { shape, data } };
  if (!call.input(2)) return call.addLayer('conv2d', [image], attributes, params);
  const bias = call.constantInput(2);
  return call.addLayer('conv2d', [image], attributes, { ...params, bias: { shape: bias.shape, data: bias.data } });
}

export const convolution: Readonly<Record<string, Translation>> = { Conv: conv };
