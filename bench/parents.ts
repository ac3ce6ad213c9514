// Two trained CNNs of different families, on MNIST where it is there and on the digits elsewhere.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadDataset } from '../src/data/dataset.ts';
import { selectSamples, type Samples } from '../src/data/samples.ts';
import { splitDataset, type Splits } from '../src/data/split.ts';
import type { Engine } from '../src/engine/engine.ts';
import type { Network } from '../src/network/network.ts';
import { NetworkBuilder } from '../src/network/network-builder.ts';
import type { Shape } from '../src/network/tensor.ts';
import { RandomStream } from '../src/random/stream.ts';
import { train } from '../src/training/train.ts';
import { freshTrainingState, type TrainedNetwork } from '../src/training/training-state.ts';

export const mnist = join(import.meta.dirname, '../../shared/data/mnist');
/** Of MNIST the first training images alone, so that parents are not perfect. */
const mostSamples = 10_000;

/** `name`: a data set to use in any case. */
export async function benchData(
  seed: number,
  name?: string,
): Promise<{ readonly name: string; readonly splits: Splits }> {
  const dataset = await loadDataset(name ?? (existsSync(mnist) ? mnist : 'digits'));
  const samples = first(dataset.samples, mostSamples);
  const splits = splitDataset({ ...dataset, samples }, { validation: 0.2, test: 0.2 }, RandomStream.fromSeed(seed));
  return { name: dataset.name, splits };
}

export function first(samples: Samples, count: number): Samples {
  return selectSamples(
    samples,
    Array.from({ length: Math.min(count, samples.count) }, (_, position) => position),
  );
}

/** How wide the three convolutions and the hidden dense layer of the plain CNN are. */
type PlainWidths = readonly [number, number, number, number];

/** A plain and a residual CNN, each trained by itself. */
export async function trainedParents(
  engine: Engine,
  { train: samples }: Splits,
  seed: number,
  epochs = 3,
  widths: PlainWidths = [8, 16, 24, 32],
): Promise<[TrainedNetwork, TrainedNetwork]> {
  const rng = RandomStream.fromSeed(`parents ${seed}`);
  const parents: TrainedNetwork[] = [];
  const families = { plain: plain(widths), residual };
  for (const [name, build] of Object.entries(families)) {
    const network = build(samples.shape, samples.classes, rng.fork(name));
    const options = { epochs, batchSize: 64, learningRate: 4e-3 };
    const untrained = { network, state: freshTrainingState };
    const { network: trained, state } = await train(engine, untrained, samples, options, rng.fork(`train ${name}`));
    parents.push({ network: trained, state });
  }
  return parents as [TrainedNetwork, TrainedNetwork];
}

function convNormRelu(net: NetworkBuilder, channels: number): string {
  net.layer('conv2d', { channels, kernel: 3, bias: false });
  net.layer('batchNorm');
  return net.layer('activation', { function: 'relu' });
}

const plain =
  ([one, two, three, units]: PlainWidths) =>
  (shape: Shape, classes: number, rng: RandomStream): Network => {
    const net = new NetworkBuilder(shape, rng);
    for (const channels of [one, two]) {
      convNormRelu(net, channels);
      net.layer('maxPool', { kernel: 2 });
    }
    convNormRelu(net, three);
    net.layer('flatten');
    net.layer('dense', { units });
    net.layer('activation', { function: 'relu' });
    net.layer('dense', { units: classes });
    return net.build();
  };

function residual(shape: Shape, classes: number, rng: RandomStream): Network {
  const net = new NetworkBuilder(shape, rng);
  convNormRelu(net, 12);
  net.layer('maxPool', { kernel: 2 });
  for (const channels of [12, 24]) {
    const shortcut = convNormRelu(net, channels);
    convNormRelu(net, channels);
    net.layer('conv2d', { channels, kernel: 3, bias: false });
    net.layer('add', {}, [shortcut, net.layer('batchNorm')]);
    net.layer('activation', { function: 'relu' });
  }
  net.layer('globalAvgPool');
  net.layer('dense', { units: classes });
  return net.build();
}
