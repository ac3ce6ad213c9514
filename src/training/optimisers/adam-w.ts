// AdamW: Adam with weight decay that does not pass through the moments.
import { adamSettings, adamUpdate, emitAdam, type AdamSettings, type AdamSlot } from './adam.ts';
import { requireAmounts } from './check-settings.ts';
import { emitDecay } from './emit-decay.ts';
import type { Optimiser } from './optimiser.ts';

/** Settings of `adamW`. */
export interface AdamWSettings extends AdamSettings {
  /** Share of a weight that a step takes away, times the learning rate (default: 0.01). */
  readonly weightDecay?: number;
}

/**
 * Source: Loshchilov and Hutter 2019, algorithm 2, with the decay scaled by the learning rate as PyTorch does. Decay
 * applies to the parameters that their layer kind declares to decay: weights, not biases, norms or actiSwitch scalars.
 *
 * Throws `bad-argument` for a beta that is not from 0 to below 1, and for other numbers below 0.
 */
export function adamW(
  learningRate: number,
  { weightDecay = 0.01, ...settings }: AdamWSettings = {},
): Optimiser<AdamSlot> {
  requireAmounts({ learningRate, weightDecay });
  const own = adamSettings(settings);
  return {
    name: 'adamW',
    learningRate,
    settings: { ...own, weightDecay },
    slots: ['first', 'second'],
    update(entry, gradient, { age, decays }) {
      const value = decays ? entry.value * (1 - learningRate * weightDecay) : entry.value;
      return adamUpdate(learningRate, own, { ...entry, value }, gradient, age);
    },
    emitUpdate(graph, vectors) {
      if (weightDecay === 0) return emitAdam(graph, own, vectors);
      const lost = graph.op('Mul', [vectors.learningRate, emitDecay(graph, weightDecay, vectors)]);
      return emitAdam(graph, own, { ...vectors, weights: graph.op('Sub', [vectors.weights, lost]) });
    },
  };
}
