// What a name in an ONNX graph stands for while the graph is being translated.
import type { NeurostitchError } from '../../errors.ts';
import { filled, tensor, type Shape, type Tensor } from '../../network/tensor.ts';

/** What a layer of the network computes. */
export interface LayerValue {
  readonly type: 'layer';
  readonly id: string;
  /**
   * The shape in the ONNX graph, without the batch axis. It has the layer's values in the layer's order, but may have
   * axes of size 1 more: ONNX's GlobalAveragePool gives [channels, 1, 1] where ours gives [channels].
   */
  readonly shape: Shape;
}

/** Numbers from the file. */
export interface ConstantValue extends Tensor {
  readonly type: 'constant';
}

/** A size along an axis; the batch's is not known. */
export type Size = number | 'batch';

/** Integers: shapes, axes, indices. One that is computed from a tensor's shape is one, too. */
export interface SizesValue {
  readonly type: 'sizes';
  /** Whether this is a single number without axes. */
  readonly scalar: boolean;
  readonly sizes: readonly Size[];
}

/** Something that was not translated. That is an error only where it is needed: it may be part of a larger pattern. */
export interface OpaqueValue {
  readonly type: 'opaque';
  readonly error: NeurostitchError;
  /** Whether the cause is an operator of a type that has no translation. */
  readonly isUnknown?: true;
}

export type Value = LayerValue | ConstantValue | SizesValue | OpaqueValue;

/**
 * A constant that is added to or multiplied with a tensor of `shape` (without the batch axis), as one number for each
 * channel: a [channels] tensor. Undefined where it is not the same for all samples and positions of a channel.
 *
 * Source: the ONNX specification, "Broadcasting in ONNX": shapes are aligned at their last axes.
 */
export function perChannel(constant: ConstantValue, shape: Shape): Tensor | undefined {
  const missing = shape.length + 1 - constant.shape.length;
  const channels = shape[0]!;
  const fits = constant.shape.every((size, axis) => size === 1 || (axis + missing === 1 && size === channels));
  if (missing < 0 || !fits) return undefined;
  return constant.data.length === channels ? tensor([channels], constant.data) : filled([channels], constant.data[0]!);
}

/** The number that a constant of one value holds. */
export function scalarOf(value: Value | undefined): number | undefined {
  return value?.type === 'constant' && value.data.length === 1 ? value.data[0] : undefined;
}

/** The shortest decimal that names this float32: 0.1 is stored as 0.10000000149 but was meant as 0.1. */
export function decimalOf(float32: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const decimal = Number(float32.toPrecision(digits));
    if (Math.fround(decimal) === float32) return decimal;
  }
  return float32;
}
