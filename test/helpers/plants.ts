// Gives each shrinking operator something to take away: puts it into a network, and says what must go.
import { readChannel, writeChannel } from '../../operators/channels/channel-entries.ts';
import type { ChannelGroup, ChannelSlot } from '../../operators/channels/channel-groups.ts';
import { withChannels } from '../../operators/channels/channel-site.ts';
import { openGroups } from '../../operators/channels/widen-group.ts';
import type { Operator, Site } from '../../operators/operator.ts';
import { activationNames } from '../../src/layers/activation-functions.ts';
import { layerKind, layerKinds } from '../../src/layers/registry.ts';
import { insertAfter, replaceNodes } from '../../src/network/edit.ts';
import type { Network, NetworkNode, Params } from '../../src/network/network.ts';
import { layersOf } from '../../src/network/shapes.ts';
import { tensor, type Shape, type Tensor } from '../../src/network/tensor.ts';
import { validate } from '../../src/network/validate.ts';
import { RandomStream } from '../../src/random/stream.ts';
import { entries } from './channel-indices.ts';
import { lively } from './random-network.ts';

/** A network with a site, and what is known of it without asking the operator. */
export interface Planted {
  readonly network: Network;
  readonly site: Site;
  /** The channels of which group go, for operators that remove channels. */
  readonly removed?: { readonly group: ChannelGroup; readonly channels: readonly number[] };
}

/** A new layer to be put behind a node. */
type Layer = Omit<NetworkNode, 'id' | 'inputs'> & {
  /** Which layer of the chain it reads beside the one before it. */
  readonly also?: number;
};

const at = <T>(items: readonly T[], index: number): T => items[index % items.length]!;

const plants: Readonly<Record<string, (network: Network, place: number, variant: number) => Planted | undefined>> = {
  'prune-zero-fan-out': (network, place, variant) =>
    inGroup(network, place, variant, (group, channels, params) => {
      for (const slot of group.slots.filter(({ role }) => role === 'consumer')) {
        const { shape, data } = params(slot);
        // Where a layer reads what it makes, what goes may still be read by what goes too.
        const makers = group.slots.filter(
          ({ role, node, param }) => role === 'producer' && node === slot.node && param === slot.param,
        );
        const gone = new Set(makers.flatMap((maker) => channels.flatMap((channel) => entries(shape, maker, channel))));
        for (const channel of channels) {
          for (const index of entries(shape, slot, channel)) if (!gone.has(index)) data[index] = 0;
        }
      }
    }),

  'merge-equal-channels'(network, place, variant) {
    const planted = inGroup(network, place, variant, (group, channels, params) => {
      const first = Array.from({ length: group.channels }, (_, channel) => channel).find((c) => !channels.includes(c))!;
      for (const slot of group.slots.filter(({ role }) => role !== 'consumer')) {
        const { shape, data } = params(slot);
        const values = readChannel(data, shape, slot, first);
        for (const channel of channels) writeChannel(data, shape, slot, channel, values);
      }
    });
    const { group } = planted.removed!;
    return { ...planted, removed: { group, channels: repeated(planted.network, group) } };
  },

  // Which channels go is the operator's choice, unless the site says it; how many, the site's.
  'prune-filters'(network, place, variant) {
    const { network: wide, site, removed } = inGroup(network, place, variant, () => undefined);
    const { group } = removed!;
    if (variant % 3 === 0) return { network: wide, site: withChannels(site, removed!.channels), removed: removed! };
    const amount = Math.max(1, Math.round(group.channels / at([2, 4], variant)));
    const channels = Array.from({ length: amount }, (_, channel) => channel);
    return { network: wide, site: { ...site, amount }, removed: { group, channels } };
  },

  'remove-identity-layer': (network, place, variant) =>
    behind(network, place, (shape) => {
      if (variant % 3 === 0) return [actiSwitch(variant, 1, 0)];
      const kernel = shape.length === 1 ? 1 : 1 + (variant % 3);
      const kind = layerKinds.find(({ identity }) => identity?.fits(shape, kernel));
      return kind && [{ kind: kind.kind, ...kind.identity!.create(shape, kernel) }];
    }),

  'fold-acti-switch': (network, place, variant) =>
    behind(network, place, () => {
      const [linear, active] = at(
        [
          [0, 1],
          [0.5, 0],
          [0, -1.5],
          [0, 0],
          [-1, 0],
        ] as const,
        variant,
      );
      return [actiSwitch(variant, linear, active)];
    }),

  // Always more in the middle than at the ends, so that one layer costs less than two. Images may get two layers more
  // that cannot be merged: behind a bias there is padding.
  'merge-linear-layers': (network, place, variant) =>
    behind(network, place, ([channels, ...pixels]) => {
      const middle = channels! + 1 + (variant % 2);
      const [before, after] = at(
        [
          [1, 1],
          [3, 1],
          [1, 2],
          [2, 1],
        ] as const,
        variant,
      );
      const hasBias = after === 1 && variant % 4 !== 3;
      const hasOthers = pixels.length > 0 && variant % 3 === 0;
      const others = [
        linear([channels!, ...pixels], middle, 1, true),
        linear([middle, ...pixels], channels!, 2, true),
        { kind: 'activation', attributes: { function: 'relu' }, params: {} },
      ];
      return [
        ...(hasOthers ? others : []),
        linear([channels!, ...pixels], middle, pixels.length > 0 ? before : 1, hasBias),
        linear([middle, ...pixels], channels!, pixels.length > 0 ? after : 1, variant % 5 !== 4),
      ];
    }),

  // Some get another norm that cannot be folded: an add reads what is before it, too.
  'fold-batch-norm': (network, place, variant) =>
    behind(network, place, (shape) => {
      const kernel = shape.length === 1 ? 1 : 1 + (variant % 3);
      const norm = layerKind('batchNorm');
      const made = norm.create(
        { epsilon: at([1e-2, 1e-5], variant), momentum: 0.1 },
        [shape],
        RandomStream.fromSeed(1),
      );
      const pair = [linear(shape, shape[0]!, kernel, variant % 5 !== 4), { kind: norm.kind, ...made }];
      const others = [...pair, { kind: 'add', attributes: {}, params: {}, also: 0 }];
      return [...(variant % 4 === 0 ? others : []), ...pair];
    }),

  'drop-layer': (network, place, variant) => {
    const planted = behind(network, place, (shape) => [linear(shape, shape[0]!, 1, variant % 2 === 0)]);
    return planted && { ...planted, site: { ...planted.site, input: 0 } };
  },

  'separate-convolution': (network, place, variant) =>
    behind(network, place, (shape) =>
      shape.length === 3 && shape[0]! > 1
        ? [linear(shape, shape[0]!, 2 + (variant % 2), variant % 2 === 0)]
        : undefined,
    ),
};

/** The network with something for the operator to take away, or nothing where there is no such place. */
export function plantedIn(network: Network, operator: Operator, place: number, variant: number): Planted | undefined {
  const plant = plants[operator.name];
  if (!plant) throw new Error(`Expected a plant for ${operator.name} in test/helpers/plants.ts, got none`);
  const planted = plant(network, place, variant);
  if (planted) validate(planted.network);
  return planted;
}

/** Puts a chain of layers behind some node; the site is the last of them. Their parameters are lively but the exact ones. */
function behind(
  network: Network,
  place: number,
  layers: (shape: Shape) => readonly Layer[] | undefined,
): Planted | undefined {
  const { id } = at(network.nodes.slice(0, -1), place);
  const made = layers(layersOf(network).get(id)!.output);
  if (!made) return undefined;
  const chain = made.map(({ also, ...layer }, i) => {
    const inputs = [i === 0 ? id : `planted_${i - 1}`, ...(also === undefined ? [] : [`planted_${also}`])];
    return { ...layer, id: `planted_${i}`, inputs };
  });
  return { network: dyadic(insertAfter(network, id, chain)), site: { node: chain.at(-1)!.id } };
}

/** Changes some channels, but not all, of some group of at least two. There is always one behind the input. */
function inGroup(
  network: Network,
  place: number,
  variant: number,
  change: (group: ChannelGroup, channels: readonly number[], params: (slot: ChannelSlot) => Tensor) => void,
): Planted {
  const { id } = network.nodes[0]!;
  const [channels, ...pixels] = layersOf(network).get(id)!.output;
  const chain = [linear([channels!, ...pixels], 3, 1, true), linear([3, ...pixels], channels!, 1, true)];
  const wide = insertAfter(
    network,
    id,
    chain.map((layer, i) => ({ ...layer, id: `planted_${i}`, inputs: [i === 0 ? id : 'planted_0'] })),
  );
  const rounded = dyadic(wide);
  const group = at(
    openGroups(rounded).filter((open) => open.channels > 1),
    place,
  );
  const removed = Array.from({ length: group.channels }, (_, channel) => channel).filter(
    (channel) => ((variant + 1) >> (channel % 3)) % 2 === 1,
  );
  const some = removed.length === 0 ? [group.channels - 1] : removed.slice(removed.length === group.channels ? 1 : 0);
  // Copies, as the tensors are shared.
  const copied = new Map<string, Record<string, Tensor>>();
  for (const { id: node, params } of rounded.nodes)
    copied.set(
      node,
      mapped(params, ({ data }) => data.slice()),
    );
  change(group, some, ({ node, param }) => copied.get(node)![param]!);
  const nodes = rounded.nodes.map((node) => ({ ...node, params: copied.get(node.id)! }));
  return { network: { nodes }, site: { node: group.producers[0]! }, removed: { group, channels: some } };
}

/** A dense layer or convolution that keeps height and width. */
function linear([inputs, ...pixels]: Shape, channels: number, kernel: number, bias: boolean): Layer {
  const rng = RandomStream.fromSeed(`${inputs} ${channels} ${kernel}`);
  const kind = layerKind(pixels.length === 0 ? 'dense' : 'conv2d');
  const options = pixels.length === 0 ? { units: channels, bias } : { channels, kernel, bias };
  const made = kind.create(kind.options.parse(options), [[inputs!, ...pixels]], rng);
  const [filled] = lively({ nodes: [{ id: 'made', kind: kind.kind, inputs: [], ...made }] }, rng).nodes;
  return { kind: kind.kind, attributes: made.attributes, params: filled!.params };
}

function actiSwitch(variant: number, linearShare: number, active: number): Layer {
  const params = { linear: tensor([1], Float32Array.of(linearShare)), active: tensor([1], Float32Array.of(active)) };
  return { kind: 'actiSwitch', attributes: { function: at(activationNames, variant) }, params };
}

/** Every value but 0 becomes the nearest multiple of 1/16 that is not 0 either, variances at least 1/4. */
function dyadic(network: Network): Network {
  const nodes = network.nodes.map((node) => {
    const rounded = Object.entries(node.params).map(([name, { shape, data }]) => {
      const values = data.map((value) => (value === 0 ? 0 : (Math.round(value * 16) || 1) / 16));
      return [
        name,
        tensor(shape, name === 'variance' ? values.map((value) => Math.max(value, 0.25)) : values),
      ] as const;
    });
    return [node.id, { ...node, params: Object.fromEntries(rounded) }] as const;
  });
  return replaceNodes(network, new Map(nodes));
}

function mapped(params: Params, change: (value: Tensor) => Float32Array<ArrayBuffer>): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, tensor(value.shape, change(value))]));
}

/** Channels that come from the same numbers as an earlier one. */
function repeated({ nodes }: Network, { channels, slots }: ChannelGroup): readonly number[] {
  const incoming = (channel: number): string =>
    JSON.stringify(
      slots
        .filter(({ role }) => role !== 'consumer')
        .map((slot) => {
          const { shape, data } = nodes.find(({ id }) => id === slot.node)!.params[slot.param]!;
          return entries(shape, slot, channel).map((index) => data[index]);
        }),
    );
  const all = Array.from({ length: channels }, (_, channel) => incoming(channel));
  return all.flatMap((text, channel) => (all.indexOf(text) < channel ? [channel] : []));
}
