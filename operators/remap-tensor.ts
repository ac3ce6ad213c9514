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
  const { runs, oldBlock, newBlock } = runsOf(old.shape, shape, maps);
  for (let from = 0, to = 0; to < data.length; from += oldBlock, to += newBlock) {
    for (const run of runs) copyRun(old.data, from + run.from, data, to + run.to, run.length);
  }
  return tensor(shape, data);
}

/** A call into the runtime costs more than to write some values one by one. */
const fewValues = 32;

/** Copies `length` values that lie side by side. */
export function copyRun(source: Float32Array, from: number, target: Float32Array, to: number, length: number): void {
  if (length > fewValues) target.set(source.subarray(from, from + length), to);
  else for (let i = 0; i < length; i++) target[to + i] = source[from + i]!;
}

function fillRun(target: Float32Array, to: number, length: number, value: number): void {
  if (length > fewValues) target.fill(value, to, to + length);
  else for (let i = to; i < to + length; i++) target[i] = value;
}

/** `value` at all entries of the new tensor that an old entry maps to, and 0 at fresh ones. */
export function markOld(old: Shape, maps: AxisMaps, value: number): Tensor {
  const shape = remapShape(old, maps);
  const data = new Float32Array(sizeOf(shape));
  const { runs, newBlock } = runsOf(old, shape, maps);
  for (let to = 0; to < data.length; to += newBlock) {
    for (const run of runs) fillRun(data, to + run.to, run.length, value);
  }
  return tensor(shape, data);
}

/** Entries that lie side by side in the old and in the new tensor. */
interface Run {
  readonly from: number;
  readonly to: number;
  length: number;
}

/** The runs within one block, the entries along the mapped axes and those inside them; all blocks are alike. */
function runsOf(
  old: Shape,
  shape: Shape,
  maps: AxisMaps,
): { readonly runs: readonly Run[]; readonly oldBlock: number; readonly newBlock: number } {
  const [outermost, innermost] = [Math.min(...maps.keys()), Math.max(...maps.keys())];
  let newBlock = sizeOf(shape.slice(innermost + 1));
  let oldBlock = newBlock;
  let runs: readonly Run[] = [{ from: 0, to: 0, length: newBlock }];
  for (let axis = innermost; axis >= outermost; axis--) {
    const map = maps.get(axis);
    const outer: Run[] = [];
    for (let index = 0; index < shape[axis]!; index++) {
      const source = map ? map[index] : index;
      if (source === undefined) continue;
      for (const run of runs) append(outer, source * oldBlock + run.from, index * newBlock + run.to, run.length);
    }
    runs = outer;
    oldBlock *= old[axis]!;
    newBlock *= shape[axis]!;
  }
  return { runs, oldBlock, newBlock };
}

function append(runs: Run[], from: number, to: number, length: number): void {
  const last = runs.at(-1);
  if (last && last.from + last.length === from && last.to + last.length === to) last.length += length;
  else runs.push({ from, to, length });
}
