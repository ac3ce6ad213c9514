// Takes an optimiser's memory of a parameter along when the parameter is rebuilt: old entries keep theirs, fresh ones
// start anew.
import { sameShape, sizeOf, tensor, type Tensor } from '../src/network/tensor.ts';
import { slotPower, type Moments } from '../src/training/training-state.ts';
import { markOld, remapTensor, type AxisMaps } from './remap-tensor.ts';

/** Axis -> by how much the gradient at each new index is smaller than it was at the old one. */
export type AxisShares = ReadonlyMap<number, readonly number[]>;

/**
 * `param` is the parameter before it is rebuilt. Fresh entries get 0 in every slot, and an age of 0. Entries with a
 * share of the old gradient get that share of its mean, and the square of it of the mean square.
 */
export function remapMoments(
  { age, ...slots }: Moments,
  param: Tensor,
  maps: AxisMaps,
  shares: AxisShares = new Map(),
): Moments {
  const remapped = Object.entries(slots).map(([slot, values]) => {
    const moved = remapTensor(values, maps);
    for (const [axis, factors] of shares) scaleAlong(moved, axis, factors, slotPower(slot));
    return [slot, moved] as const;
  });
  return { ...Object.fromEntries(remapped), age: remapAges(age, param, maps) };
}

function scaleAlong({ shape, data }: Tensor, axis: number, factors: readonly number[], power: number): void {
  const inner = sizeOf(shape.slice(axis + 1));
  for (let at = 0; at < data.length; at += inner) {
    const factor = factors[(at / inner) % factors.length]! ** power;
    if (factor !== 1) for (let i = at; i < at + inner; i++) data[i]! *= factor;
  }
}

function remapAges(age: Tensor, param: Tensor, maps: AxisMaps): Tensor {
  if (!sameShape(age.shape, [1])) return compact(remapTensor(age, maps));
  const hasFresh = [...maps.values()].some((map) => map.includes(undefined));
  return hasFresh ? markOld(param.shape, maps, age.data[0]!) : age;
}

/** Entries that are all of one age keep it as a single number. */
function compact(ages: Tensor): Tensor {
  const age = ages.data[0]!;
  // No callback: there may be millions of entries.
  for (let i = 1; i < ages.data.length; i++) if (ages.data[i] !== age) return ages;
  return tensor([1], Float32Array.of(age));
}
