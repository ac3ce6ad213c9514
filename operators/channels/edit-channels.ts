// Gives a channel group a new list of channels: all its producers, per-channel parameters and consumers at once.
import { layerKind } from '../../src/layers/registry.ts';
import type { Attributes, Network } from '../../src/network/network.ts';
import { layersOf } from '../../src/network/shapes.ts';
import type { Tensor } from '../../src/network/tensor.ts';
import type { TrainedNetwork } from '../../src/training/training-state.ts';
import { rebuildNodes, type NodeEdit, type ParamEdit } from '../rebuild-nodes.ts';
import { remapShape, type AxisMaps, type IndexMap } from '../remap-tensor.ts';
import { readChannel, writeChannel } from './channel-entries.ts';
import type { ChannelGroup, ChannelSlot } from './channel-groups.ts';
import { replicaShares, replicasOf } from './replicas.ts';

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
export type StartFresh = (part: FreshPart) => Float32Array | undefined;

/** Changes one parameter's entries of all replicas of an old channel, equal so far, in place. */
export type ChangeReplicas = (entries: readonly Float32Array[], source: number) => void;

/** What becomes of the channels of a group. */
export interface ChannelChange {
  /** For each new channel the old one it is, or undefined for a fresh one; an old one that comes again is replicated. */
  readonly map: IndexMap;
  /** How fresh channels start (default: zeros). */
  readonly start?: StartFresh;
  /**
   * How replicas part ways in a slot, if they do; consumers come before producers. Whoever reads them must get the old sum, to which each
   * adds its `replicaShares`: what makes a replica has that share of the old gradient, and its moments are scaled so.
   */
  readonly replicas?: (slot: ChannelSlot) => ChangeReplicas | undefined;
}

/**
 * The child whose group has the channels that `change.map` lists. Old entries keep values and moments; what is not in
 * the group is shared with the parent.
 *
 * An entry between two fresh channels (a layer that reads what it makes) belongs to the one that is made.
 */
export function editChannels(parent: TrainedNetwork, group: ChannelGroup, change: ChannelChange): TrainedNetwork {
  const tensors = new Map(parent.network.nodes.map((node) => [node.id, node.params]));
  const edits = new Map<string, NodeEdit & { params: Map<string, ParamEdit> }>();
  for (const [node, params] of slotsByParam(group.slots)) {
    edits.set(node, { params: new Map() });
    for (const [param, slots] of params) {
      edits.get(node)!.params.set(param, paramEdit(tensors.get(node)![param]!, slots, group.channels, change));
    }
  }
  for (const [node, attributes] of resizedSettings(parent.network, group, change.map.length - group.channels)) {
    edits.set(node, { params: edits.get(node)?.params ?? new Map<string, ParamEdit>(), attributes });
  }
  return rebuildNodes(parent, edits);
}

/** The settings of layers that go by how many channels they read. */
function resizedSettings(network: Network, { resized }: ChannelGroup, added: number): Map<string, Attributes> {
  const layers = layersOf(network);
  const settings = new Map<string, Attributes>();
  for (const { id, kind } of network.nodes) {
    const read = resized.filter(({ node }) => node === id);
    if (read.length === 0) continue;
    const layer = layers.get(id)!;
    const facts = layerKind(kind).channels(layer);
    const grown = read.reduce((sum, { multiplicity }) => sum + added * multiplicity, layer.inputs[0]![0]!);
    if (facts.flow === 'spread' && facts.resized) settings.set(id, facts.resized(grown));
  }
  return settings;
}

function slotsByParam(slots: readonly ChannelSlot[]): Map<string, Map<string, ChannelSlot[]>> {
  const byNode = new Map<string, Map<string, ChannelSlot[]>>();
  for (const slot of slots) {
    const byParam = byNode.get(slot.node) ?? new Map<string, ChannelSlot[]>();
    byNode.set(slot.node, byParam.set(slot.param, [...(byParam.get(slot.param) ?? []), slot]));
  }
  return byNode;
}

function paramEdit(old: Tensor, slots: readonly ChannelSlot[], channels: number, change: ChannelChange): ParamEdit {
  const { map, start } = change;
  const onAxis = (axis: number): readonly ChannelSlot[] => slots.filter((slot) => slot.axis === axis);
  const maps: AxisMaps = new Map(
    slots.map(({ axis }) => [axis, axisMap(old.shape[axis]!, onAxis(axis), channels, map)]),
  );
  const shape = remapShape(old.shape, maps);
  const replicas = replicasOf(map);
  // Consumers first: what a producer writes over them stays.
  const inOrder = slots.toSorted((a, b) => Number(b.role === 'consumer') - Number(a.role === 'consumer'));
  const moved = inOrder.map((slot) => {
    const before = onAxis(slot.axis).filter(({ offset }) => offset < slot.offset);
    const grown = before.reduce((sum, { multiplicity }) => sum + (map.length - channels) * multiplicity, 0);
    return { ...slot, offset: slot.offset + grown };
  });
  const makers = moved.filter(({ role }) => role !== 'consumer');
  return {
    maps,
    start: (data) => {
      moved.forEach((place, i) => {
        const slot = inOrder[i]!;
        const count = (data.length / shape[slot.axis]!) * slot.multiplicity;
        map.forEach((source, channel) => {
          if (source !== undefined) return;
          const values = start?.({ slot, channel, count, old });
          // Zeros are there already, but where a consumer has written.
          if (values) writeChannel(data, shape, place, channel, values);
          else if (slot.role !== 'consumer' && moved.length > 1) {
            writeChannel(data, shape, place, channel, new Float32Array(count));
          }
        });
        const changeReplicas = change.replicas?.(slot);
        if (!changeReplicas) return;
        for (const [source, indices] of replicas) {
          const entries = indices.map((channel) => readChannel(data, shape, place, channel));
          changeReplicas(entries, source);
          indices.forEach((channel, replica) => {
            writeChannel(data, shape, place, channel, entries[replica]!);
          });
        }
      });
    },
    shares: new Map(
      replicas.size === 0 ? [] : makers.map(({ axis }) => [axis, axisShares(shape[axis]!, makers, axis, replicas)]),
    ),
  };
}

/** The index map of an axis of this size: other channels, before and behind those of the slots, stay as they are. */
function axisMap(size: number, slots: readonly ChannelSlot[], channels: number, map: IndexMap): IndexMap {
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

/** For each new index of an axis of this size its share of the old gradient; `slots` are in their new places. */
function axisShares(
  size: number,
  slots: readonly ChannelSlot[],
  axis: number,
  replicas: ReadonlyMap<number, readonly number[]>,
): readonly number[] {
  const shares = Array<number>(size).fill(1);
  for (const { offset, multiplicity } of slots.filter((slot) => slot.axis === axis)) {
    for (const indices of replicas.values()) {
      const own = replicaShares(indices.length);
      indices.forEach((index, replica) => {
        const from = offset + index * multiplicity;
        shares.fill(own[replica]!, from, from + multiplicity);
      });
    }
  }
  return shares;
}
