// The default first population: small networks of different families and sizes, for images of any size.
import { expected } from '../src/errors.ts';
import { NetworkBuilder } from '../src/network/network-builder.ts';
import type { Network } from '../src/network/network.ts';
import { outputShape } from '../src/network/shapes.ts';
import type { Shape } from '../src/network/tensor.ts';
import type { RandomStream } from '../src/random/stream.ts';

/** A first network, and how the journal and the report call it. */
export interface NamedNetwork {
  readonly name: string;
  readonly network: Network;
}

/**
 * Six networks for [channels, height, width] images: two MLPs, two plain and two residual CNNs, untrained, with one
 * output a class. A side of one pixel is neither pooled nor convolved along.
 *
 * Throws `bad-data` for other shapes, `bad-network` for sizes or classes below 1.
 */
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
    halve(net, 1);
  }
  shrinkTo(net, 4);
  net.layer('flatten');
  net.layer('dense', { units: classes });
  return net.build();
}

function residualCnn(net: NetworkBuilder, classes: number, channels: number): Network {
  convNormRelu(net, channels);
  halve(net, 1);
  shrinkTo(net, 8);
  const shortcut = net.last;
  convNormRelu(net, channels);
  convNorm(net, channels);
  net.layer('add', {}, [shortcut, net.last]);
  net.layer('activation', { function: 'relu' });
  convNormRelu(net, 2 * channels);
  net.layer('globalAvgPool');
  net.layer('dense', { units: classes });
  return net.build();
}

function convNormRelu(net: NetworkBuilder, channels: number): void {
  convNorm(net, channels);
  net.layer('activation', { function: 'relu' });
}

function convNorm(net: NetworkBuilder, channels: number): void {
  // On a side of one pixel the outer taps would read nothing but padding.
  const kernel = sidesOf(net).map((side) => (side === 1 ? 1 : 3));
  // Batch norm brings its own bias.
  net.layer('conv2d', { channels, kernel, bias: false });
  net.layer('batchNorm');
}

/** Pools until neither side is longer than `side`. */
function shrinkTo(net: NetworkBuilder, side: number): void {
  while (Math.max(...sidesOf(net)) > side) halve(net, side);
}

/** Pools those sides that are longer than `side` to half their length. */
function halve(net: NetworkBuilder, side: number): void {
  const kernel = sidesOf(net).map((length) => (length > side ? 2 : 1));
  if (kernel.includes(2)) net.layer('maxPool', { kernel });
}

/** Height and width of the last layer's output. */
function sidesOf(net: NetworkBuilder): readonly number[] {
  return outputShape(net.build()).slice(1);
}
