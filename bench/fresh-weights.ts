// The same architecture as if it had never been trained, for training from scratch as a control.
import { layerKind } from '../src/layers/registry.ts';
import type { Network, NetworkNode } from '../src/network/network.ts';
import { layersOf } from '../src/network/shapes.ts';
import { filled, sizeOf, tensor, type Tensor } from '../src/network/tensor.ts';
import type { RandomStream } from '../src/random/stream.ts';

/** What begins at one; everything else that is no weight begins at zero. */
const ones: ReadonlySet<string> = new Set(['gamma', 'variance']);

/** He-normal weights for dense layers and ungrouped convolutions, with batch norms that pass everything on. */
export function withFreshWeights(network: Network, rng: RandomStream): Network {
  const layers = layersOf(network);
  return {
    nodes: network.nodes.map((node): NetworkNode => {
      const channels = layers.get(node.id)!.output[0]!;
      const params = Object.entries(node.params).map(([name, { shape }]) => {
        const isWeight = layerKind(node.kind).params[name]!.decays === true;
        return [name, isWeight ? drawn(shape, channels, rng.fork(node.id)) : filled(shape, ones.has(name) ? 1 : 0)];
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
