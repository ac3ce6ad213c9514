// What a name in an ONNX graph stands for while the graph is being translated.
import type { NeurostitchError } from '../../errors.ts';
import type { Pads } from '../../layers/convolution-geometry.ts';
import type { Shape, Tensor } from '../../network/tensor.ts';

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

/** Integers: shapes, axes, indices. Those that are computed from a tensor's shape are such, too. */
export interface SizesValue {
  readonly type: 'sizes';
  /** [] for a single number without axes. */
  readonly shape: Shape;
  readonly sizes: readonly Size[];
}

/** An image with constant pixels around it, which only a convolution or pool takes. */
export interface PaddedValue {
  readonly type: 'padded';
  readonly image: LayerValue;
  /** So many pixels at the top, left, bottom and right. */
  readonly pads: Pads;
  /** What these pixels are. */
  readonly value: number;
}

/** Something that was not translated. That is an error only where it is needed: it may be part of a larger pattern. */
export interface OpaqueValue {
  readonly type: 'opaque';
  readonly error: NeurostitchError;
  /** Whether it does not depend on the model's input. */
  readonly isStored: boolean;
}

export type Value = LayerValue | ConstantValue | SizesValue | PaddedValue | OpaqueValue;

/** Whether a value does not depend on the model's input, but on the file alone or on shapes. */
export function isStored(value: Value): boolean {
  return value.type === 'opaque' ? value.isStored : value.type === 'constant' || value.type === 'sizes';
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
