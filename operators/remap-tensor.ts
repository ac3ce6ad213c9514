// Rebuilds a tensor along some of its axes: every new index is an old one, or a fresh one that starts at zero.
import { sizeOf, tensor, type Shape, type Tensor } from '../src/network/tensor.ts';

/**
 * For each new index the old index it comes from, or nothing for a fresh one. Old indices and then fresh ones widen,
 * a subset prunes, repeated indices replicate.
 */
export type IndexMap = readonly (number | undefined)[];

/** Axis -> its index map; axes that are not listed stay as they are. */
export type AxisMaps = ReadonlyMap<number, IndexMap>;

export function remapShape(shape: Shape, maps: AxisMaps): Shape {
  return shape.map((size, axis) => maps.get(axis)?.length ?? size);
}

/** A new tensor of shape `remapShape(old.shape, maps)`; entries that no old entry maps to are 0. */
export function remapTensor(old: Tensor, maps: AxisMaps): Tensor {
  const shape = remapShape(old.shape, maps);
  const data = new Float32Array(sizeOf(shape));
  // Behind the last mapped axis the entries lie side by side, and move as one block.
  const blockAxis = Math.max(-1, ...maps.keys()) + 1;
  const block = sizeOf(shape.slice(blockAxis));
  const copy = (axis: number, from: number, to: number): void => {
    if (axis === blockAxis) {
      data.set(old.data.subarray(from * block, (from + 1) * block), to * block);
      return;
    }
    const map = maps.get(axis);
    for (let index = 0; index < shape[axis]!; index++) {
      const source = map ? map[index] : index;
      if (source !== undefined) copy(axis + 1, from * old.shape[axis]! + source, to * shape[axis]! + index);
    }
  };
  copy(0, 0, 0);
  return tensor(shape, data);
}
