// Which entries of a tensor belong to a channel, entry by entry: the oracle for operators that remove channels.
import type { ChannelSlot } from '../../operators/channels/channel-groups.ts';
import { sizeOf, type Shape, type Tensor } from '../../src/network/tensor.ts';

/** The flat indices that belong to a channel: entry by entry, without any arithmetic of runs. */
export function entries(shape: Shape, { axis, offset, multiplicity }: ChannelSlot, channel: number): readonly number[] {
  return Array.from({ length: sizeOf(shape) }, (_, index) => index).filter((index) => {
    const along = Math.floor(index / sizeOf(shape.slice(axis + 1))) % shape[axis]!;
    return Math.floor((along - offset) / multiplicity) === channel;
  });
}

/** What stays of a parameter when channels go, in the old order. */
export function remaining(
  values: Tensor,
  slots: readonly ChannelSlot[],
  removed: readonly number[],
): readonly number[] {
  const gone = new Set(slots.flatMap((slot) => removed.flatMap((channel) => entries(values.shape, slot, channel))));
  return Array.from(values.data).filter((_, index) => !gone.has(index));
}
