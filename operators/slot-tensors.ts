// What the parameters of a channel group hold, channel by channel, for operators that look before they cut.
import type { Network } from '../src/network/network.ts';
import { sizeOf, type Tensor } from '../src/network/tensor.ts';
import type { ChannelGroup, ChannelSlot } from './channels/channel-groups.ts';

/** A slot with the tensor that it lies in. */
export interface SlotTensor {
  readonly slot: ChannelSlot;
  readonly tensor: Tensor;
}

/** The group's slots of these roles. */
export function slotTensors(
  { nodes }: Network,
  { slots }: ChannelGroup,
  ...roles: readonly ChannelSlot['role'][]
): readonly SlotTensor[] {
  const params = new Map(nodes.map((node) => [node.id, node.params]));
  return slots
    .filter(({ role }) => roles.includes(role))
    .map((slot) => ({ slot, tensor: params.get(slot.node)![slot.param]! }));
}

/** The flat index of a channel's first entry. */
export function firstEntry({ slot, tensor }: SlotTensor, channel: number): number {
  return (slot.offset + channel * slot.multiplicity) * sizeOf(tensor.shape.slice(slot.axis + 1));
}

/** Whether `holds` for the flat index of every entry of a channel. Stops at the first for which it does not. */
export function everyEntry(place: SlotTensor, channel: number, holds: (index: number) => boolean): boolean {
  const { slot, tensor } = place;
  const inner = sizeOf(tensor.shape.slice(slot.axis + 1));
  const [run, step] = [slot.multiplicity * inner, tensor.shape[slot.axis]! * inner];
  for (let block = firstEntry(place, channel); block < tensor.data.length; block += step) {
    for (let i = 0; i < run; i++) if (!holds(block + i)) return false;
  }
  return true;
}
