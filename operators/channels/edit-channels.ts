// Gives a channel group a new list of channels: all its producers, per-channel parameters and consumers at once.
import type { Tensor } from '../../src/network/tensor.ts';
import type { TrainedNetwork } from '../../src/training/training-state.ts';
import { rebuildNodes, type NodeEdit, type ParamEdit } from '../rebuild-nodes.ts';
import { remapShape, type AxisMaps, type IndexMap } from '../remap-tensor.ts';
import type { ChannelGroup, ChannelSlot } from './channel-groups.ts';

/** A fresh channel's part of one parameter. */
export interface FreshPart {
  readonly slot: ChannelSlot;
  /** The index among the new channels. */
  readonly channel: number;
  /** How many entries the channel has there. */
  readonly count: number;
  /** The parameter as it was. */
  readonly old: Tensor;
}

/** The entries of a fresh channel in row-major order; undefined for zeros. */
export type StartFresh = (part: FreshPart) => ArrayLike<number> | undefined;

/**
 * The child whose group has the channels that `map` lists: old ones by index, undefined for fresh ones. Old entries keep
 * values and moments; what is not in the group is shared with the parent.
 *
 * An entry between two fresh channels (a layer that reads what it makes) belongs to the one that is made.
 */
export function editChannels(
  parent: TrainedNetwork,
  group: ChannelGroup,
  map: IndexMap,
  start: StartFresh,
): TrainedNetwork {
  const tensors = new Map(parent.network.nodes.map((node) => [node.id, node.params]));
  const edits = new Map<string, NodeEdit & { params: Map<string, ParamEdit> }>();
  for (const [node, params] of slotsByParam(group.slots)) {
    edits.set(node, { params: new Map() });
    for (const [param, slots] of params) {
      const old = tensors.get(node)![param]!;
      edits.get(node)!.params.set(param, paramEdit(old, slots, { channels: group.channels, map }, start));
    }
  }
  return rebuildNodes(parent, edits);
}

function slotsByParam(slots: readonly ChannelSlot[]): Map<string, Map<string, ChannelSlot[]>> {
  const byNode = new Map<string, Map<string, ChannelSlot[]>>();
  for (const slot of slots) {
    const byParam = byNode.get(slot.node) ?? new Map<string, ChannelSlot[]>();
    byNode.set(slot.node, byParam.set(slot.param, [...(byParam.get(slot.param) ?? []), slot]));
  }
  return byNode;
}

/** The old number of channels, and what becomes of them. */
interface Change {
  readonly channels: number;
  readonly map: IndexMap;
}

function paramEdit(old: Tensor, slots: readonly ChannelSlot[], change: Change, start: StartFresh): ParamEdit {
  const { channels, map } = change;
  const onAxis = (axis: number): readonly ChannelSlot[] => slots.filter((slot) => slot.axis === axis);
  const maps: AxisMaps = new Map(slots.map(({ axis }) => [axis, axisMap(old.shape[axis]!, onAxis(axis), change)]));
  const shape = remapShape(old.shape, maps);
  // Consumers first: what a producer writes over them stays.
  const inOrder = slots.toSorted((a, b) => Number(b.role === 'consumer') - Number(a.role === 'consumer'));
  return {
    maps,
    start: (data) => {
      for (const slot of inOrder) {
        const before = onAxis(slot.axis).filter(({ offset }) => offset < slot.offset);
        const grown = before.reduce((sum, { multiplicity }) => sum + (map.length - channels) * multiplicity, 0);
        const moved = { ...slot, offset: slot.offset + grown };
        const count = (data.length / shape[slot.axis]!) * slot.multiplicity;
        map.forEach((source, channel) => {
          if (source !== undefined) return;
          const values = start({ slot, channel, count, old }) ?? new Float32Array(count);
          writeChannel(data, shape, moved, channel, values);
        });
      }
    },
  };
}

/** The index map of an axis of this size: other channels, before and behind those of the slots, stay as they are. */
function axisMap(size: number, slots: readonly ChannelSlot[], { channels, map }: Change): IndexMap {
  let whole: IndexMap = Array.from({ length: size }, (_, index) => index);
  for (const { offset, multiplicity } of slots.toSorted((a, b) => b.offset - a.offset)) {
    const own = map.flatMap((source) =>
      Array.from({ length: multiplicity }, (_, i) =>
        source === undefined ? undefined : offset + source * multiplicity + i,
      ),
    );
    whole = [...whole.slice(0, offset), ...own, ...whole.slice(offset + channels * multiplicity)];
  }
  return whole;
}

function writeChannel(
  data: Float32Array,
  shape: readonly number[],
  { axis, multiplicity, offset }: ChannelSlot,
  channel: number,
  values: ArrayLike<number>,
): void {
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  const run = multiplicity * inner;
  for (let from = 0; from < values.length; from += run) {
    const to = ((from / run) * shape[axis]! + offset) * inner + channel * run;
    for (let i = 0; i < run; i++) data[to + i] = values[from + i]!;
  }
}
