// Trains the active stitches of a child on the task itself; its parents' layers stay as they are.
import { batchOf, batchPositions, type Samples } from '../src/data/samples.ts';
import type { Engine, Targets } from '../src/engine/engine.ts';
import type { RandomStream } from '../src/random/stream.ts';
import { distillation, distillationTargets, type DistillationSettings } from '../src/training/losses/distillation.ts';
import type { TrainOptions } from '../src/training/train-options.ts';
import { train } from '../src/training/train.ts';
import type { TrainResult } from '../src/training/trainer.ts';
import { activeStitches } from './active-variables.ts';
import { decode } from './decode.ts';
import type { Genotype } from './genotype.ts';
import type { Supernetwork } from './supernetwork.ts';

/** How the stitches of a child are trained: as any network, but for what decides the loss. */
export interface FineTuneOptions extends Omit<TrainOptions, 'trainable' | 'loss' | 'targets'> {
  /** Also learn from the mean of the parents' logits (default: from the labels alone). */
  readonly distillation?: DistillationSettings;
}

/** Samples that the teachers see at once. */
const teachingBatch = 256;

/**
 * The child of a fitted supernetwork, its active stitches trained on the softmax cross-entropy. All other layers are
 * frozen in eval mode: no weight and no running statistic of a parent changes. A child without stitches comes back as
 * it is, with no samples seen.
 *
 * Throws as `decode` and `train` do.
 *
 * Source: distillation as in Pan et al. 2023, "Stitchable Neural Networks", from both parents.
 */
export async function fineTune(
  engine: Engine,
  supernetwork: Supernetwork,
  genotype: Genotype,
  samples: Samples,
  { distillation: settings, ...options }: FineTuneOptions,
  rng: RandomStream,
): Promise<TrainResult> {
  const child = decode(supernetwork, genotype);
  const trainable = new Set(activeStitches(supernetwork, genotype));
  if (trainable.size === 0) return { ...child, loss: NaN, samplesSeen: 0, best: undefined };
  const teaching = settings && {
    loss: distillation(settings),
    targets: await taughtTargets(engine, supernetwork, samples),
  };
  return train(engine, child, samples, { ...options, ...teaching, trainable }, rng);
}

/** What `distillation` wants of each sample: its class, and the mean of both parents' logits. */
export async function taughtTargets(engine: Engine, { parents }: Supernetwork, samples: Samples): Promise<Targets> {
  const program = await engine.compile(parents.map(({ network }) => network));
  const { count, classes } = samples;
  const [labels, logits] = [new Float32Array(count * classes), new Float32Array(count * classes)];
  try {
    for (const positions of batchPositions(count, teachingBatch)) {
      const batch = batchOf(samples, positions);
      const [a, b] = await program.forward(batch);
      const at = positions[0]! * classes;
      labels.set(batch.targets, at);
      logits.set(
        Float32Array.from(a!, (value, i) => (value + b![i]!) / 2),
        at,
      );
    }
  } finally {
    await program.dispose();
  }
  return distillationTargets(labels, logits, classes);
}
