// Which weights an operator added, in units that must be able to learn: a new tensor, or all that belongs to a new channel.
import { channelGroups, type ChannelGroup, type ChannelSlot } from '../../operators/channels/channel-groups.ts';
import { trainableParams } from '../../src/engine/backward-plan.ts';
import { referenceParams } from '../../src/engine/reference/passes.ts';
import { layerKind } from '../../src/layers/registry.ts';
import type { Network, NetworkNode } from '../../src/network/network.ts';
import { layersOf } from '../../src/network/shapes.ts';
import { sizeOf, tensor, type Tensor } from '../../src/network/tensor.ts';
import { RandomStream } from '../../src/random/stream.ts';
import type { Application } from './growth.ts';
import { lossGradients, type LossGradients } from './passes.ts';

interface NewbornUnit {
  readonly name: string;
  /** `excused` where no weight could learn: nothing but zeros is read, or no gradient above rounding comes back. */
  learns(gradients: LossGradients): 'yes' | 'no' | 'excused';
}

/** What came of an operator's new weights on a few batches. */
export interface Learning {
  readonly units: number;
  /** Of these, how many get a gradient on one batch at least. */
  readonly alive: number;
  /**
   * A unit whose weights get none only because of how they start: with others in their place they would. Where no weights
   * would, as before a norm that takes out what they do, the place is to blame.
   */
  readonly stuck: string | undefined;
}

export function newbornLearning(application: Application): Learning {
  const units = newbornUnits(application);
  const gradients = gradientsOn(application.child.network, 1, 3);
  const verdicts = units.map((unit) => gradients.map((own) => unit.learns(own)));
  const suspects = units.filter((_, i) => !verdicts[i]!.includes('yes') && verdicts[i]!.includes('no'));
  const alive = verdicts.filter((own) => own.includes('yes')).length;
  if (suspects.length === 0) return { units: units.length, alive, stuck: undefined };
  const others = gradientsOn(perturbed(application), 1, 3);
  // What they learn must be plain: the epsilon of a norm lets through a trace of what it takes out.
  const stuck = suspects.find((unit) =>
    others.some((own) => unit.learns({ ...own, noise: 1e6 * own.noise }) === 'yes'),
  )?.name;
  return { units: units.length, alive, stuck };
}

/** Of the batches of these seeds. */
function gradientsOn(network: Network, first: number, last: number): readonly LossGradients[] {
  return Array.from({ length: last - first + 1 }, (_, i) => lossGradients(network, 8, first + i));
}

/** The child with other new weights. */
function perturbed({ child }: Application): Network {
  const rng = RandomStream.fromSeed('other weights');
  return {
    nodes: child.network.nodes.map((node) => {
      const trainable = trainableParams(node);
      const params = Object.entries(node.params).map(([name, { shape, data }]) => {
        const isNew = (i: number): boolean => trainable.includes(name) && isNewEntry(child, node.id, name, i);
        return [
          name,
          tensor(
            shape,
            data.map((x, i) => (isNew(i) ? x + 0.3 * rng.normal() : x)),
          ),
        ] as const;
      });
      return { ...node, params: Object.fromEntries(params) };
    }),
  };
}

function isNewEntry({ state }: Application['child'], node: string, param: string, index: number): boolean {
  const age = state.moments[node]?.[param]?.age.data;
  return age === undefined || age[age.length === 1 ? 0 : index] === 0;
}

/** The parent's ages must all be above 0: what is of age 0 in the child, or of none, is new. */
function newbornUnits({ parent, child, site }: Application): readonly NewbornUnit[] {
  const groups = [parent, child].map(({ network }) =>
    channelGroups(network).find(({ producers }) => producers.includes(String(site.node))),
  );
  const [before, after] = groups;
  const isNew: IsNew = (...entry) => isNewEntry(child, ...entry);
  if (before && after && after.channels > before.channels) {
    return channelUnits(child.network, after, isNew).slice(before.channels);
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
    const isOfChannels = (name: string): boolean =>
      newGroups.some(({ slots }) => slots.some(({ node: id, param }) => id === node.id && param === name));
    const matrices = fresh
      .filter((name) => isMatrix(name) && !(ages(name) && isOfChannels(name)))
      .map((name) => [name]);
    const vectors = [fresh.filter((name) => !ages(name))];
    return (matrices.length > 0 ? matrices : vectors)
      .filter((names) => names.length > 0)
      .map((names) => {
        const unit = tensorUnit(child.network, node, names, ages);
        const group = newGroups.find(({ producers }) => producers.includes(node.id));
        return group ? orItsChannels(unit, channelUnits(child.network, group, isNew)) : unit;
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

function channelUnits(network: Network, group: ChannelGroup, isNew: IsNew): readonly NewbornUnit[] {
  const nodes = new Map(network.nodes.map((node) => [node.id, node]));
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
        return learning(randomGradients(network, node, { values, batch })) ? 'excused' : 'no';
      }
      const read = (sample: number): number => peak(ofSample(values.get(node.inputs[0]!)!, batch, sample));
      const heard = (sample: number): number => peak(ofSample(byNode.get(node.id)!, batch, sample));
      return samples(batch).some((sample) => read(sample) * heard(sample) > noise) ? 'no' : 'excused';
    },
  };
}

/** What a node's parameters would learn from a random gradient at all its outputs. */
function randomGradients(
  network: Network,
  node: NetworkNode,
  { values, batch }: Pick<LossGradients, 'values' | 'batch'>,
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
      if (!drawn) return 'no';
      const reachable = slots.some(({ role, node, param, axis, multiplicity, offset }) => {
        if (role !== 'consumer') return false;
        const source = values.get(nodes.get(node)!.inputs[0]!)!;
        const length = source.length / batch;
        const index = length / nodes.get(node)!.params[param]!.shape[axis]!;
        const size = multiplicity * index;
        return samples(batch).some((sample) => {
          const from = sample * length + offset * index + channel * size;
          const read = peak(source.subarray(from, from + size));
          return read * peak(ofSample(byNode.get(node)!, batch, sample)) > noise;
        });
      });
      return reachable ? 'no' : 'excused';
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

function ofSample(values: Float64Array, batch: number, sample: number): Float64Array {
  const size = values.length / batch;
  return values.subarray(sample * size, (sample + 1) * size);
}

function peak(values: Float64Array): number {
  return values.reduce((high, x) => Math.max(high, Math.abs(x)), 0);
}
