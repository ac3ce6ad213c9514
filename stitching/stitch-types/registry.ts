// The one list of stitch types; where several join the same tensors, the first is taken.
import { expected } from '../../src/errors.ts';
import type { Shape } from '../../src/network/tensor.ts';
import { conv1x1 } from './conv1x1.ts';
import { dense } from './dense.ts';
import { pooledDense } from './pooled-dense.ts';
import { reshapedDense } from './reshaped-dense.ts';
import { resizedConv1x1 } from './resized-conv1x1.ts';
import type { StitchType } from './stitch-type.ts';

/** All stitch types; the first that fits two tensors joins them. */
export const stitchTypes: readonly StitchType[] = [conv1x1, resizedConv1x1, dense, pooledDense, reshapedDense];

/** The type that turns a tensor of shape `from` into one of shape `to`, if there is one. */
export function stitchTypeFor(from: Shape, to: Shape): StitchType | undefined {
  return stitchTypes.find((type) => type.joins(from, to));
}

/** How many features a stitch's regression reads, and how many values it foretells, at each position. */
export function regressionSize(type: StitchType, from: Shape, to: Shape): { inputs: number; outputs: number } {
  return { inputs: from[0]!, outputs: (type.target?.shape(to) ?? to)[0]! };
}

/** The type of this name; throws `bad-argument` for a name that is none. */
export function stitchType(name: string): StitchType {
  const found = stitchTypes.find((type) => type.name === name);
  if (!found) {
    const names = stitchTypes.map((type) => type.name).join(', ');
    throw expected('bad-argument', `a stitch type (${names})`, name);
  }
  return found;
}
