// The same architecture as if it had never been trained, for training from scratch as a control.
import { layerKind } from './registry.ts';
import type { Network, NetworkNode } from '../network/network.ts';
import { layersOf } from '../network/shapes.ts';
import { filled, sizeOf, tensor, type Tensor } from '../network/tensor.ts';
import type { RandomStream } from '../random/stream.ts';

/** Weights drawn as He et al. 2015 draw them (section 2.2); everything else as its kind says that it begins. */
export function withFreshWeights(network: Network, rng: RandomStream): Network {
  const layers = layersOf(network);
  return {
    nodes: network.nodes.map((node): NetworkNode => {
      const channels = layers.get(node.id)!.output[0]!;
      const params = Object.entries(node.params).map(([name, { shape }]) => {
        const { decays, initial = 0 } = layerKind(node.kind).params[name]!;
        return [name, decays ? drawn(shape, channels, rng.fork(node.id)) : filled(shape, initial)];
      });
      return { ...node, params: Object.fromEntries(params) as NetworkNode['params'] };
    }),
  };
}

function drawn(shape: readonly number[], channels: number, rng: RandomStream): Tensor {
  const deviation = Math.sqrt((2 * channels) / sizeOf(shape));
  return tensor(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => deviation * rng.normal()),
  );
}
