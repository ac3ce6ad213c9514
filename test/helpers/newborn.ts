// Which weights an operator added, in units that must be able to learn: a new tensor, or all that belongs to a new channel.
import { channelGroups, type ChannelGroup, type ChannelSlot } from '../../operators/channels/channel-groups.ts';
import { trainableParams } from '../../src/engine/backward-plan.ts';
import type { NetworkNode } from '../../src/network/network.ts';
import { sizeOf, type Tensor } from '../../src/network/tensor.ts';
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
  if (before && after && after.channels > before.channels) {
    const nodes = new Map(child.network.nodes.map((node) => [node.id, node]));
    return Array.from({ length: after.channels - before.channels }, (_, i) =>
      channelUnit(nodes, after, before.channels + i),
    );
  }
  return child.network.nodes.flatMap((node) => {
    const ages = (name: string): Tensor | undefined => child.state.moments[node.id]?.[name]?.age;
    const fresh = trainableParams(node).filter((name) => !ages(name)?.data.every((age) => age > 0));
    const isScalar = (name: string): boolean => node.params[name]!.data.length === 1;
    const tensors = fresh.filter((name) => !isScalar(name)).map((name) => [name]);
    return [...tensors, fresh.filter(isScalar)]
      .filter((names) => names.length > 0)
      .map((names) => tensorUnit(node, names, ages));
  });
}

/** Single numbers of a layer are one unit: where values are negative, an actiSwitch of relu can learn its slope only. */
function tensorUnit(
  node: NetworkNode,
  names: readonly string[],
  ages: (name: string) => Tensor | undefined,
): NewbornUnit {
  return {
    name: `${node.id}.${names.join(' and ')}`,
    learns({ batch, values, byParam, byNode }) {
      const learning = names.some((name) =>
        byParam.get(node.id)![name]!.some((value, i) => value !== 0 && !((ages(name)?.data[i] ?? 0) > 0)),
      );
      if (learning) return 'yes';
      const read = (sample: number): boolean => awake(values.get(node.inputs[0]!)!, batch, sample);
      const heard = (sample: number): boolean => awake(byNode.get(node.id)!, batch, sample);
      return samples(batch).some((sample) => read(sample) && heard(sample)) ? 'no' : 'excused';
    },
  };
}

function channelUnit(
  nodes: ReadonlyMap<string, NetworkNode>,
  { slots, channels }: ChannelGroup,
  channel: number,
): NewbornUnit {
  return {
    name: `channel ${channel}`,
    learns({ batch, values, byParam, byNode }) {
      const learning = slots.some((slot) => {
        const gradient = byParam.get(slot.node)?.[slot.param];
        const { shape } = nodes.get(slot.node)!.params[slot.param]!;
        return gradient?.some((value, i) => value !== 0 && channelAt(i, shape, slot) === channel);
      });
      if (learning) return 'yes';
      const reachable = slots.some(({ role, node }) => {
        if (role !== 'consumer') return false;
        const source = values.get(nodes.get(node)!.inputs[0]!)!;
        const size = source.length / batch / channels;
        return samples(batch).some((sample) => {
          const from = (sample * channels + channel) * size;
          const silent = source.subarray(from, from + size).every((x) => x === 0);
          return !silent && awake(byNode.get(node)!, batch, sample);
        });
      });
      return reachable ? 'no' : 'excused';
    },
  };
}

/** The channel that entry `index` of a tensor belongs to. */
function channelAt(index: number, shape: readonly number[], { axis, multiplicity }: ChannelSlot): number {
  return Math.floor((Math.floor(index / sizeOf(shape.slice(axis + 1))) % shape[axis]!) / multiplicity);
}

function samples(batch: number): number[] {
  return Array.from({ length: batch }, (_, sample) => sample);
}

function awake(values: Float64Array, batch: number, sample: number): boolean {
  const size = values.length / batch;
  return values.subarray(sample * size, (sample + 1) * size).some((x) => x !== 0);
}
