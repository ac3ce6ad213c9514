// The stitch types of the package, and which of several joins two tensors.
import type { Shape } from '../../src/network/tensor.ts';
import { conv1x1 } from './conv1x1.ts';
import { dense } from './dense.ts';
import { pooledDense } from './pooled-dense.ts';
import { reshapedDense } from './reshaped-dense.ts';
import { resizedConv1x1 } from './resized-conv1x1.ts';
import type { StitchType } from './stitch-type.ts';

/** What supernetworks are built of unless they are given other types. */
export const stitchTypes: readonly StitchType[] = [conv1x1, resizedConv1x1, dense, pooledDense, reshapedDense];

/** The first of the types that turns a tensor of shape `from` into one of shape `to`, if one does. */
export function stitchTypeFor(
  from: Shape,
  to: Shape,
  types: readonly StitchType[] = stitchTypes,
): StitchType | undefined {
  return types.find((type) => type.joins(from, to));
}
