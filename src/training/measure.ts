// Loss and hits of compiled networks on samples.
import { batchOf, batchPositions, type Samples } from '../data/samples.ts';
import type { Program, Targets, Values } from '../engine/engine.ts';
import { lossSizes } from '../engine/loss-sizes.ts';
import { expected } from '../errors.ts';
import type { Loss, LossMetrics } from './losses/loss.ts';
import { softmaxCrossEntropy } from './losses/softmax-cross-entropy.ts';

/** What is measured, and against what. */
export interface MeasureOptions {
  /** Default: softmax cross-entropy. */
  readonly loss?: Loss;
  /** What the loss wants of each sample, [count, width] (default: the samples' classes). */
  readonly targets?: Targets;
  /** Sees the outputs [positions, values] of each network of the program, batch by batch. */
  readonly onOutputs?: (network: number, outputs: Values, positions: readonly number[]) => void;
}

const batchSize = 256;

/**
 * Of each network of the program: the mean loss over all samples, and how many of them are right.
 *
 * Throws `bad-argument` where there are no samples, and for targets that are not what the loss wants.
 */
export async function measure(
  program: Program,
  samples: Samples,
  { loss = softmaxCrossEntropy(), targets, onOutputs }: MeasureOptions = {},
): Promise<LossMetrics[]> {
  if (samples.count === 0) throw expected('bad-argument', 'samples to measure on', samples.count);
  const totals: { loss: number; correct: number | undefined }[] = [];
  for (const positions of batchPositions(samples.count, batchSize)) {
    const batch = batchOf(samples, positions, targets);
    const outputs = await program.forward(batch);
    outputs.forEach((values, i) => {
      const sizes = lossSizes(loss, values.length / batch.size, batch.targets, batch.size);
      const metrics = loss.measure(values, batch.targets, sizes);
      onOutputs?.(i, values, positions);
      const total = (totals[i] ??= { loss: 0, correct: 0 });
      total.loss += metrics.loss * batch.size;
      total.correct = metrics.correct === undefined ? undefined : total.correct! + metrics.correct;
    });
  }
  return totals.map((total) => ({ loss: total.loss / samples.count, correct: total.correct }));
}
