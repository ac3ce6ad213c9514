// Reads and writes what a tensor holds for one channel.
import { sizeOf, type Shape } from '../../src/network/tensor.ts';
import { copyRun } from '../remap-tensor.ts';
import type { ChannelSlot } from './channel-groups.ts';

/** Where the channels lie in a tensor. */
export type ChannelPlace = Pick<ChannelSlot, 'axis' | 'multiplicity' | 'offset'>;

/** The channel's entries in row-major order, as a copy. */
export function readChannel(data: Float32Array, shape: Shape, place: ChannelPlace, channel: number): Float32Array {
  const values = new Float32Array((data.length / shape[place.axis]!) * place.multiplicity);
  const { first, step, run } = runsOf(shape, place, channel);
  for (let at = first, from = 0; from < values.length; at += step, from += run) {
    copyRun(data, at, values, from, run);
  }
  return values;
}

/** Puts the channel's entries, in row-major order, into their places. */
export function writeChannel(
  data: Float32Array,
  shape: Shape,
  place: ChannelPlace,
  channel: number,
  values: Float32Array,
): void {
  const { first, step, run } = runsOf(shape, place, channel);
  for (let at = first, from = 0; from < values.length; at += step, from += run) {
    copyRun(values, from, data, at, run);
  }
}

/** Where the first of the channel's entries lies, how many lie side by side, and how far it is to the next ones. */
function runsOf(
  shape: Shape,
  { axis, multiplicity, offset }: ChannelPlace,
  channel: number,
): { readonly first: number; readonly step: number; readonly run: number } {
  const inner = sizeOf(shape.slice(axis + 1));
  return {
    first: (offset + channel * multiplicity) * inner,
    step: shape[axis]! * inner,
    run: multiplicity * inner,
  };
}
