// Constants that ONNX broadcasts along a tensor, as one number for each channel.
import { filled, tensor, type Shape, type Tensor } from '../../network/tensor.ts';
import type { OperatorCall } from './operator-call.ts';
import type { ConstantValue } from './value.ts';

/**
 * A constant that is added to or multiplied with a tensor of `shape` (without the batch axis), as a [channels] tensor.
 * Undefined where it is not the same for all samples and positions of a channel.
 *
 * Source: the ONNX specification, "Broadcasting in ONNX": shapes are aligned at their last axes.
 */
export function perChannel(call: OperatorCall, constant: ConstantValue, shape: Shape): Tensor | undefined {
  const missing = shape.length + 1 - constant.shape.length;
  const channels = shape[0]!;
  const fits = constant.shape.every((size, axis) => size === 1 || (axis + missing === 1 && size === channels));
  if (missing < 0 || !fits) return undefined;
  if (constant.data.length === channels) return tensor([channels], constant.data);
  // The file may declare more channels than it has bytes.
  call.spend(channels);
  return filled([channels], constant.data[0]!);
}
