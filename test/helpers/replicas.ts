// Compares a child whose channels are copies of its parent's with the parent: whose copy is which, and what they share.
import { expect } from 'vitest';
import { channelGroups, type ChannelGroup } from '../../operators/channels/channel-groups.ts';
import type { Shape } from '../../src/network/tensor.ts';
import { layersOf } from '../../src/network/shapes.ts';
import { sizeOf } from '../../src/network/tensor.ts';
import type { Application } from './growth.ts';
import { forwardValues } from './passes.ts';

export interface Replication {
  /** The group before and after; their slots are in the same order. */
  readonly before: ChannelGroup;
  readonly after: ChannelGroup;
  /** For each channel of the child the parent's that it is a copy of. */
  readonly sources: readonly number[];
}

/** Whose copy a channel is shows in its values; no index map of an operator is trusted here. */
export function replicationOf({ parent, child, site }: Application): Replication {
  const [before, after] = [parent, child].map(({ network }) =>
    channelGroups(network).find(({ producers }) => producers.includes(String(site.node)))!,
  ) as [ChannelGroup, ChannelGroup];
  const id = before.producers[0]!;
  const batch = 4;
  const values = forwardValues(child.network, batch, 1, 'eval').outputs.get(id)!;
  const size = values.length / batch;
  const width = sizeOf(layersOf(child.network).get(id)!.output) / after.channels;
  const distance = (a: number, b: number): number => {
    let sum = 0;
    for (let n = 0; n < batch; n++) {
      for (let i = 0; i < width; i++) {
        sum += Math.abs(values[n * size + a * width + i]! - values[n * size + b * width + i]!);
      }
    }
    return sum;
  };
  const old = Array.from({ length: before.channels }, (_, channel) => channel);
  const sources = Array.from({ length: after.channels }, (_, channel) =>
    channel < before.channels ? channel : old.toSorted((a, b) => distance(channel, a) - distance(channel, b))[0]!,
  );
  return { before, after, sources };
}

/**
 * Sums a parameter's values in the child over the copies that make a channel, and compares them with the parent's; each
 * copy that is read must have them by itself.
 */
export function expectShared(
  { before, after, sources }: Replication,
  [node, param]: readonly [string, string],
  child: { readonly shape: Shape; readonly data: ArrayLike<number> },
  parent: { readonly shape: Shape; readonly data: ArrayLike<number> },
  what: string,
): void {
  // Child index -> parent index, along each axis; and along which the copies are summed.
  const origins = child.shape.map((size) => Array.from({ length: size }, (_, i) => i));
  const summed = child.shape.map(() => false);
  const places = child.shape.map(() => [] as { at: number; shift: number }[]);
  after.slots.forEach((slot, i) => {
    if (slot.node !== node || slot.param !== param) return;
    summed[slot.axis] = slot.role !== 'consumer';
    const from = before.slots[i]!;
    const { multiplicity } = slot;
    places[slot.axis]!.push({
      at: slot.offset + after.channels * multiplicity,
      shift: (after.channels - before.channels) * multiplicity,
    });
    sources.forEach((source, channel) => {
      for (let j = 0; j < multiplicity; j++) {
        origins[slot.axis]![slot.offset + channel * multiplicity + j] = -1 - (from.offset + source * multiplicity + j);
      }
    });
  });
  origins.forEach((map, axis) => {
    map.forEach((origin, i) => {
      const shift = places[axis]!.reduce((sum, place) => sum + (i >= place.at ? place.shift : 0), 0);
      map[i] = origin < 0 ? -1 - origin : origin - shift;
    });
  });
  const totals = new Map<string, { total: number; wanted: number }>();
  for (let index = 0; index < child.data.length; index++) {
    let rest = index;
    let [key, origin] = ['', 0];
    let [step, size] = [1, 1];
    for (let axis = child.shape.length - 1; axis >= 0; axis--) {
      size = child.shape[axis]!;
      const at = rest % size;
      rest = Math.floor(rest / size);
      const from = origins[axis]![at]!;
      origin += from * step;
      step *= parent.shape[axis]!;
      key = `${summed[axis] ? from : at},${key}`;
    }
    const known = totals.get(key) ?? { total: 0, wanted: parent.data[origin]! };
    known.total += child.data[index]!;
    totals.set(key, known);
  }
  const scale = Math.max(1, ...Array.from(parent.data, Math.abs));
  for (const [key, { total, wanted }] of totals) {
    if (!(Math.abs(total - wanted) <= 1e-6 * scale)) {
      expect.fail(`${what} of ${node}.${param} at ${key} adds up to ${total}, the parent's is ${wanted}`);
    }
  }
}
