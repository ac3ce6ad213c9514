// The networks that benchmarks run; peers/pytorch.py has the same ones.
import { NetworkBuilder } from '../src/network/network-builder.ts';
import type { Network } from '../src/network/network.ts';
import { layersOf } from '../src/network/shapes.ts';
import { sizeOf } from '../src/network/tensor.ts';
import { RandomStream } from '../src/random/stream.ts';
import type { Batch, Targets } from '../src/engine/engine.ts';

/** conv32-conv32-pool-conv64-conv64-pool-fc100 with relu, on 32 x 32 x 3 images. */
function cnn(): Network {
  const net = new NetworkBuilder([3, 32, 32], RandomStream.fromSeed(1));
  for (const channels of [32, 64]) {
    for (let layer = 0; layer < 2; layer++) {
      net.layer('conv2d', { channels, kernel: 3 });
      net.layer('activation', { function: 'relu' });
    }
    net.layer('maxPool', { kernel: 2 });
  }
  net.layer('flatten');
  net.layer('dense', { units: 100 });
  return net.build();
}

/** Two residual blocks with batch norm, of 32 and 64 channels, on 32 x 32 x 3 images. */
function residual(): Network {
  const net = new NetworkBuilder([3, 32, 32], RandomStream.fromSeed(1));
  const convolve = (channels: number): string => {
    net.layer('conv2d', { channels, kernel: 3, bias: false });
    return net.layer('batchNorm');
  };
  const relu = (): string => net.layer('activation', { function: 'relu' });
  for (const channels of [32, 64]) {
    convolve(channels);
    const skip = relu();
    convolve(channels);
    relu();
    net.layer('add', {}, [convolve(channels), skip]);
    relu();
    net.layer('maxPool', { kernel: 2 });
  }
  net.layer('globalAvgPool');
  net.layer('dense', { units: 10 });
  return net.build();
}

/** 784-512-512-10 with relu. */
function mlp(): Network {
  const net = new NetworkBuilder([784], RandomStream.fromSeed(1));
  for (let layer = 0; layer < 2; layer++) {
    net.layer('dense', { units: 512 });
    net.layer('activation', { function: 'relu' });
  }
  net.layer('dense', { units: 10 });
  return net.build();
}

export const networks = { cnn, residual, mlp } as const;
export type NetworkName = keyof typeof networks;
export const networkNames = Object.keys(networks) as NetworkName[];

/** Random samples, and a random class for each. */
export function randomBatch(network: Network, size: number): { batch: Batch; targets: Targets } {
  const rng = RandomStream.fromSeed(2);
  const layers = layersOf(network);
  const data = new Float32Array(size * sizeOf(layers.get(network.nodes[0]!.id)!.output));
  for (let i = 0; i < data.length; i++) data[i] = rng.normal();
  const [classes] = layers.get(network.nodes.at(-1)!.id)!.output;
  const targets = new Float32Array(size * classes!);
  for (let n = 0; n < size; n++) targets[n * classes! + rng.int(classes!)] = 1;
  return { batch: { size, data }, targets };
}
