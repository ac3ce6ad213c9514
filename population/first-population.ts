// The default first population: small networks of different families and sizes for images of any size.
import { expected } from '../src/errors.ts';
import { NetworkBuilder } from '../src/network/network-builder.ts';
import type { Network } from '../src/network/network.ts';
import { layersOf } from '../src/network/shapes.ts';
import type { Shape } from '../src/network/tensor.ts';
import type { RandomStream } from '../src/random/stream.ts';

export interface NamedNetwork {
  readonly name: string;
  readonly network: Network;
}

/** Six networks for [channels, height, width] images: two MLPs, two plain and two residual CNNs, untrained. */
export function firstPopulation(shape: Shape, classes: number, rng: RandomStream): NamedNetwork[] {
  if (shape.length !== 3) throw expected('bad-data', 'images [channels, height, width]', shape);
  const start = (name: string): NetworkBuilder => new NetworkBuilder(shape, rng.fork(name));
  return [
    { name: 'mlp-16', network: mlp(start('mlp-16'), classes, [16]) },
    { name: 'mlp-48-24', network: mlp(start('mlp-48-24'), classes, [48, 24]) },
    { name: 'cnn-4-8', network: plainCnn(start('cnn-4-8'), classes, [4, 8]) },
    { name: 'cnn-8-16', network: plainCnn(start('cnn-8-16'), classes, [8, 16]) },
    { name: 'resnet-6', network: residualCnn(start('resnet-6'), classes, 6) },
    { name: 'resnet-12', network: residualCnn(start('resnet-12'), classes, 12) },
  ];
}

function mlp(net: NetworkBuilder, classes: number, widths: readonly number[]): Network {
  net.layer('flatten');
  for (const units of widths) {
    net.layer('dense', { units });
    net.layer('activation', { function: 'relu' });
  }
  net.layer('dense', { units: classes });
  return net.build();
}

function plainCnn(net: NetworkBuilder, classes: number, widths: readonly number[]): Network {
  for (const channels of widths) {
    convNormRelu(net, channels);
    net.layer('maxPool', { kernel: 2 });
  }
  shrinkTo(net, 4);
  net.layer('flatten');
  net.layer('dense', { units: classes });
  return net.build();
}

function residualCnn(net: NetworkBuilder, classes: number, channels: number): Network {
  convNormRelu(net, channels);
  net.layer('maxPool', { kernel: 2 });
  shrinkTo(net, 8);
  const shortcut = net.last;
  convNormRelu(net, channels);
  net.layer('conv2d', { channels, kernel: 3, bias: false });
  net.layer('batchNorm');
  net.layer('add', {}, [shortcut, net.last]);
  net.layer('activation', { function: 'relu' });
  convNormRelu(net, 2 * channels);
  net.layer('globalAvgPool');
  net.layer('dense', { units: classes });
  return net.build();
}

function convNormRelu(net: NetworkBuilder, channels: number): void {
  // Batch norm brings its own bias.
  net.layer('conv2d', { channels, kernel: 3, bias: false });
  net.layer('batchNorm');
  net.layer('activation', { function: 'relu' });
}

/** Pools until neither side is longer than `side`. */
function shrinkTo(net: NetworkBuilder, side: number): void {
  const longest = (): number => Math.max(...layersOf(net.build()).get(net.last)!.output.slice(1));
  while (longest() > side) net.layer('maxPool', { kernel: 2 });
}
