// Tiny networks and a toy task, for tests that run an evolution on the reference engine.
import { allocateSamples, type Samples } from '../../src/data/samples.ts';
import { NetworkBuilder } from '../../src/network/network-builder.ts';
import type { Network } from '../../src/network/network.ts';
import { RandomStream } from '../../src/random/stream.ts';

export const shape = [1, 5, 4];

/** Bars: upright ones are class 1, lying ones class 0. */
export function bars(count: number, seed: number): Samples {
  const rng = RandomStream.fromSeed(seed);
  const samples = allocateSamples(shape, 2, count);
  for (let i = 0; i < count; i++) {
    const label = i % 2;
    const at = rng.int(4);
    const pixels = Array.from({ length: 20 }, (_, p) => (label ? p % 4 === at : Math.floor(p / 4) === at));
    samples.labels[i] = label;
    samples.inputs.set(
      pixels.map((on) => (on ? 1 : 0) + 0.4 * rng.normal()),
      20 * i,
    );
  }
  return samples;
}

function start(): NetworkBuilder {
  return new NetworkBuilder(shape, RandomStream.fromSeed(42));
}

export function mlp(): Network {
  const net = start();
  net.layer('flatten');
  net.layer('dense', { units: 4 });
  net.layer('activation', { function: 'relu' });
  net.layer('dense', { units: 2 });
  return net.build();
}

export function cnn(): Network {
  const net = start();
  net.layer('conv2d', { channels: 2, kernel: 3, bias: false });
  net.layer('batchNorm');
  net.layer('activation', { function: 'relu' });
  net.layer('globalAvgPool');
  net.layer('dense', { units: 2 });
  return net.build();
}
