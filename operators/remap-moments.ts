// Takes an optimiser's memory of a parameter along when the parameter is rebuilt: old entries keep theirs, fresh ones
// start anew.
import { filled, tensor, type Tensor } from '../src/network/tensor.ts';
import type { Moments } from '../src/training/training-state.ts';
import { remapTensor, type AxisMaps } from './remap-tensor.ts';

/** `param` is the parameter before it is rebuilt. Fresh entries get 0 in every slot, and an age of 0. */
export function remapMoments({ age, ...slots }: Moments, param: Tensor, maps: AxisMaps): Moments {
  const ages = age.data.length === 1 ? filled(param.shape, age.data[0]!) : age;
  const remapped = Object.entries(slots).map(([slot, values]) => [slot, remapTensor(values, maps)] as const);
  return { ...Object.fromEntries(remapped), age: compact(remapTensor(ages, maps)) };
}

/** Entries that are all of one age keep it as a single number. */
function compact(ages: Tensor): Tensor {
  const oldest = ages.data[0]!;
  return ages.data.every((age) => age === oldest) ? tensor([1], Float32Array.of(oldest)) : ages;
}
