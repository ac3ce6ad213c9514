// Makes the layers that operators put into a network, and chains them.
import { activation } from '../src/layers/activation.ts';
import type { ActivationName } from '../src/layers/activation-functions.ts';
import type { LayerKind, MixingChoice } from '../src/layers/layer-kind.ts';
import { layerKind, layerKinds } from '../src/layers/registry.ts';
import { freshId } from '../src/network/edit.ts';
import type { Network, NetworkNode } from '../src/network/network.ts';
import type { Shape } from '../src/network/tensor.ts';
import type { RandomStream } from '../src/random/stream.ts';

/** A node that has no place yet. */
export type NewLayer = Omit<NetworkNode, 'id' | 'inputs'>;

/** The kind that passes tensors of this shape on unchanged by a layer with such a kernel, if there is one. */
export function identityKind(shape: Shape, kernel: number): LayerKind | undefined {
  return layerKinds.find(({ identity }) => identity?.fits(shape, kernel));
}

/** A dense layer or convolution over tensors of this shape. There must be an `identityKind` for the kernel. */
export function mixingLayer(
  shape: Shape,
  { channels, kernel = 1, stride = shape.slice(1).map(() => 1), initializer }: NewMixing,
  rng: RandomStream,
): NewLayer {
  const kind = identityKind(shape, kernel)!;
  return { kind: kind.kind, ...kind.create(kind.mixing!({ channels, kernel, stride, initializer }), [shape], rng) };
}

/** What mixes by a kernel of 1 and a stride of 1, where nothing else is said. */
export type NewMixing = Pick<MixingChoice, 'channels' | 'initializer'> & Partial<MixingChoice>;

export function activationLayer(name: ActivationName): NewLayer {
  return { kind: activation.kind, attributes: { function: name }, params: {} };
}

/** Tensors joined by a layer without settings: add or concat. */
export function joiningLayer(kind: 'add' | 'concat'): NewLayer {
  return { kind: layerKind(kind).kind, attributes: {}, params: {} };
}

/** Gives each layer a free id and the one before as its input, the first reading `from`. */
export function chained(network: Network, from: string, layers: readonly NewLayer[]): NetworkNode[] {
  const taken = new Set(network.nodes.map(({ id }) => id));
  let last = from;
  return layers.map((layer) => {
    const id = freshId(taken, layer.kind);
    taken.add(id);
    const node = { id, inputs: [last], ...layer };
    last = id;
    return node;
  });
}
