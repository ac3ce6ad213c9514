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
  forEachRun(old.shape, maps, (from, to, length) => {
    // A view costs more than to copy some values one by one.
    if (length > 32) data.set(old.data.subarray(from, from + length), to);
    else for (let i = 0; i < length; i++) data[to + i] = old.data[from + i]!;
  });
  return tensor(shape, data);
}

/** `value` at all entries of the new tensor that an old entry maps to, and 0 at fresh ones. */
export function markOld(old: Shape, maps: AxisMaps, value: number): Tensor {
  const shape = remapShape(old, maps);
  const data = new Float32Array(sizeOf(shape));
  forEachRun(old, maps, (_, to, length) => {
    data.fill(value, to, to + length);
  });
  return tensor(shape, data);
}

/** Visits the old entries that lie side by side in the old and in the new tensor: where from, where to, how many. */
function forEachRun(old: Shape, maps: AxisMaps, visit: (from: number, to: number, length: number) => void): void {
  const shape = remapShape(old, maps);
  const last = Math.max(0, ...maps.keys());
  const block = sizeOf(shape.slice(last + 1));
  const runs = runsOf(maps.get(last) ?? Array.from({ length: shape[last]! }, (_, index) => index));
  const walk = (axis: number, from: number, to: number): void => {
    if (axis === last) {
      for (const run of runs) {
        visit((from * old[axis]! + run.from) * block, (to * shape[axis]! + run.to) * block, run.length * block);
      }
      return;
    }
    const map = maps.get(axis);
    for (let index = 0; index < shape[axis]!; index++) {
      const source = map ? map[index] : index;
      if (source !== undefined) walk(axis + 1, from * old[axis]! + source, to * shape[axis]! + index);
    }
  };
  walk(0, 0, 0);
}

/** Successive old indices at successive new ones. */
function runsOf(map: IndexMap): readonly { readonly from: number; readonly to: number; readonly length: number }[] {
  const runs: { from: number; to: number; length: number }[] = [];
  map.forEach((from, to) => {
    if (from === undefined) return;
    const run = runs.at(-1);
    if (run && run.from + run.length === from && run.to + run.length === to) run.length++;
    else runs.push({ from, to, length: 1 });
  });
  return runs;
}
