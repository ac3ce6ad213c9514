// Which weights an operator added, in units that must be able to learn: a new tensor, or all that belongs to a new channel.
import { channelGroups, type ChannelGroup, type ChannelSlot } from '../../operators/channels/channel-groups.ts';
import { trainableParams } from '../../src/engine/backward-plan.ts';
import { referenceParams } from '../../src/engine/reference/passes.ts';
import { layerKind } from '../../src/layers/registry.ts';
import type { Network, NetworkNode } from '../../src/network/network.ts';
import { layersOf } from '../../src/network/shapes.ts';
import { sizeOf, type Tensor } from '../../src/network/tensor.ts';
import { RandomStream } from '../../src/random/stream.ts';
import type { Application } from './growth.ts';
import type { LossGradients } from './passes.ts';

export interface NewbornUnit {
  readonly name: string;
  /** `excused` where no weight could learn: nothing but zeros is read, or no gradient comes back. */
  learns(gradients: LossGradients): 'yes' | 'no' | 'excused';
}

/** The parent's ages must all be above 0: what is of age 0 in the child, or of none, is new. */
export function newbornUnits({ parent, child, site }: Application): readonly NewbornUnit[] {
  const groups = [parent, child].map(({ network }) =>
    channelGroups(network).find(({ producers }) => producers.includes(String(site.node))),
  );
  const [before, after] = groups;
  const nodes = new Map(child.network.nodes.map((node) => [node.id, node]));
  const isNew: IsNew = (node, param, index) => {
    const age = child.state.moments[node]?.[param]?.age.data;
    return age === undefined || age[age.length === 1 ? 0 : index] === 0;
  };
  if (before && after && after.channels > before.channels) {
    return channelUnits(nodes, after, isNew).slice(before.channels);
  }
  const old = new Set(parent.network.nodes.map(({ id }) => id));
  const newGroups = channelGroups(child.network).filter(({ producers }) => producers.every((id) => !old.has(id)));
  return child.network.nodes.flatMap((node) => {
    const ages = (name: string): Tensor | undefined => child.state.moments[node.id]?.[name]?.age;
    const fresh = trainableParams(node).filter((name) => !ages(name)?.data.every((age) => age > 0));
    const isMatrix = (name: string): boolean => node.params[name]!.shape.length > 1;
    // Of a weight and its bias the weight must learn: a batch norm behind takes out whatever the bias does. Vectors and
    // scalars alone count together: an actiSwitch of relu learns only its slope where values are negative. New entries
    // of old tensors that belong to new channels count with these.
    const isRead = (name: string): boolean =>
      newGroups.some(({ slots }) =>
        slots.some(({ role, node: id, param }) => role === 'consumer' && id === node.id && param === name),
      );
    const matrices = fresh.filter((name) => isMatrix(name) && !(ages(name) && isRead(name))).map((name) => [name]);
    const vectors = [fresh.filter((name) => !ages(name))];
    return (matrices.length > 0 ? matrices : vectors)
      .filter((names) => names.length > 0)
      .map((names) => {
        const unit = tensorUnit(child.network, node, names, ages);
        const group = newGroups.find(({ producers }) => producers.includes(node.id));
        return group ? orItsChannels(unit, channelUnits(nodes, group, isNew)) : unit;
      });
  });
}

/** A new layer may wait until its channels are heard: then all that is new in a channel counts together. */
function orItsChannels(layer: NewbornUnit, channels: readonly NewbornUnit[]): NewbornUnit {
  return {
    name: layer.name,
    learns(gradients) {
      if (layer.learns(gradients) === 'yes') return 'yes';
      const verdicts = channels.map((channel) => channel.learns(gradients));
      if (verdicts.includes('no')) return 'no';
      return verdicts.includes('yes') ? 'yes' : 'excused';
    },
  };
}

function channelUnits(
  nodes: ReadonlyMap<string, NetworkNode>,
  group: ChannelGroup,
  isNew: IsNew,
): readonly NewbornUnit[] {
  return Array.from({ length: group.channels }, (_, channel) => channelUnit(nodes, group, channel, isNew));
}

/** Whether an entry of a parameter was not there in the parent. */
type IsNew = (node: string, param: string, index: number) => boolean;

function tensorUnit(
  network: Network,
  node: NetworkNode,
  names: readonly string[],
  ages: (name: string) => Tensor | undefined,
): NewbornUnit {
  return {
    name: `${node.id}.${names.join(' and ')}`,
    learns({ batch, values, byParam, byNode, noise }) {
      const isNew = (name: string, i: number): boolean => !((ages(name)?.data[i] ?? 0) > 0);
      const learning = (gradients: Readonly<Record<string, Float64Array>>): boolean =>
        names.some((name) => gradients[name]!.some((value, i) => Math.abs(value) > noise && isNew(name, i)));
      if (learning(byParam.get(node.id)!)) return 'yes';
      // New entries beside old ones may sit where no gradient comes back to: a pool behind may listen to the border
      // only, where new taps read padding. A gradient at all outputs must reach them.
      if (names.some((name) => ages(name))) {
        return learning(ownGradients(network, node, values, batch)) ? 'excused' : 'no';
      }
      const read = (sample: number): boolean => awake(values.get(node.inputs[0]!)!, batch, sample);
      const heard = (sample: number): boolean => awake(byNode.get(node.id)!, batch, sample);
      return samples(batch).some((sample) => read(sample) && heard(sample)) ? 'no' : 'excused';
    },
  };
}

/** What a node's parameters would learn from a random gradient at all its outputs. */
function ownGradients(
  network: Network,
  node: NetworkNode,
  values: LossGradients['values'],
  batch: number,
): Readonly<Record<string, Float64Array>> {
  const rng = RandomStream.fromSeed('gradient');
  const output = values.get(node.id)!;
  return layerKind(node.kind).reference.backward({
    layer: layersOf(network).get(node.id)!,
    params: referenceParams(network).get(node.id)!,
    inputs: node.inputs.map((input) => values.get(input)!),
    batch,
    mode: 'train',
    output,
    gradient: output.map(() => rng.normal()),
  }).params;
}

/** All new entries of a channel, coming in and going out, count together. */
function channelUnit(
  nodes: ReadonlyMap<string, NetworkNode>,
  { slots }: ChannelGroup,
  channel: number,
  isNew: IsNew,
): NewbornUnit {
  return {
    name: `channel ${channel}`,
    learns({ batch, values, byParam, byNode, noise }) {
      const learning = slots.some((slot) => {
        const gradient = byParam.get(slot.node)?.[slot.param];
        const { shape } = nodes.get(slot.node)!.params[slot.param]!;
        return gradient?.some(
          (value, i) =>
            Math.abs(value) > noise && channelAt(i, shape, slot) === channel && isNew(slot.node, slot.param, i),
        );
      });
      if (learning) return 'yes';
      // A channel may be silent because its random weights came out so, not because they are zeros.
      const drawn = slots.some(({ role, node, param, ...slot }) => {
        const { shape, data } = nodes.get(node)!.params[param]!;
        return role === 'producer' && data.some((x, i) => x !== 0 && channelAt(i, shape, slot) === channel);
      });
      const reachable = slots.some(({ role, node, param, axis, multiplicity, offset }) => {
        if (role !== 'consumer') return false;
        const source = values.get(nodes.get(node)!.inputs[0]!)!;
        const length = source.length / batch;
        const index = length / nodes.get(node)!.params[param]!.shape[axis]!;
        const size = multiplicity * index;
        return samples(batch).some((sample) => {
          const from = sample * length + offset * index + channel * size;
          const silent = source.subarray(from, from + size).every((x) => x === 0);
          return !silent && awake(byNode.get(node)!, batch, sample);
        });
      });
      return reachable || !drawn ? 'no' : 'excused';
    },
  };
}

/** The channel that entry `index` of a tensor belongs to; no channel's number for entries of other groups. */
function channelAt(
  index: number,
  shape: readonly number[],
  { axis, multiplicity, offset }: Pick<ChannelSlot, 'axis' | 'multiplicity' | 'offset'>,
): number {
  const along = Math.floor(index / sizeOf(shape.slice(axis + 1))) % shape[axis]!;
  return Math.floor((along - offset) / multiplicity);
}

function samples(batch: number): number[] {
  return Array.from({ length: batch }, (_, sample) => sample);
}

function awake(values: Float64Array, batch: number, sample: number): boolean {
  const size = values.length / batch;
  return values.subarray(sample * size, (sample + 1) * size).some((x) => x !== 0);
}
