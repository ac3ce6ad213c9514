// Reads and writes what a tensor holds for one channel.
import { sizeOf, type Shape } from '../../src/network/tensor.ts';
import type { ChannelSlot } from './channel-groups.ts';

/** Where the channels lie in a tensor. */
export type ChannelPlace = Pick<ChannelSlot, 'axis' | 'multiplicity' | 'offset'>;

/** The channel's entries in row-major order, as a copy. */
export function readChannel(data: Float32Array, shape: Shape, place: ChannelPlace, channel: number): Float32Array {
  const values = new Float32Array((data.length / shape[place.axis]!) * place.multiplicity);
  forEachRun(shape, place, channel, values.length, (at, from, run) => {
    for (let i = 0; i < run; i++) values[from + i] = data[at + i]!;
  });
  return values;
}

/** Puts the channel's entries, in row-major order, into their places. */
export function writeChannel(
  data: Float32Array,
  shape: Shape,
  place: ChannelPlace,
  channel: number,
  values: ArrayLike<number>,
): void {
  forEachRun(shape, place, channel, values.length, (at, from, run) => {
    for (let i = 0; i < run; i++) data[at + i] = values[from + i]!;
  });
}

/** The runs of entries that lie side by side: where in the tensor, and where among the channel's own. */
function forEachRun(
  shape: Shape,
  { axis, multiplicity, offset }: ChannelPlace,
  channel: number,
  count: number,
  visit: (at: number, from: number, run: number) => void,
): void {
  const inner = sizeOf(shape.slice(axis + 1));
  const run = multiplicity * inner;
  for (let from = 0; from < count; from += run) {
    visit(((from / run) * shape[axis]! + offset) * inner + channel * run, from, run);
  }
}
