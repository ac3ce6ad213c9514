// Finds each parameter's values in the flat vectors that an engine trains.
import type { TrainedValues } from '../collect-trained.ts';
import { slotName } from './emit-update.ts';
import type { FlatLayout } from './flat-layout.ts';

/** `vectorOf` gives the vectors by name: weights, statistics, age (of one value or one for each entry), and slots. */
export function vectorValues(
  { trained, tracked }: { readonly trained: FlatLayout; readonly tracked: FlatLayout },
  slots: readonly string[],
  vectorOf: (name: string) => Float32Array,
): TrainedValues {
  const cut = (layout: FlatLayout, vector: string, id: string, name: string): Float32Array | undefined => {
    const slot = layout.slots.find((candidate) => candidate.id === id && candidate.name === name);
    return slot && vectorOf(vector).subarray(slot.offset, slot.offset + slot.length);
  };
  return {
    param: (id, name) => (cut(trained, 'weights', id, name) ?? cut(tracked, 'statistics', id, name))!,
    slots: (id, name) => Object.fromEntries(slots.map((slot) => [slot, cut(trained, slotName(slot), id, name)!])),
    ages: (id, name) => (vectorOf('age').length === 1 ? vectorOf('age') : cut(trained, 'age', id, name)!),
  };
}
