// Stochastic gradient descent with momentum, Nesterov's where asked.
import { requireAmounts, requireDecays } from './check-settings.ts';
import { emitDecay } from './emit-decay.ts';
import type { Optimiser } from './optimiser.ts';

/** Settings of `sgd`. */
export interface SgdSettings {
  /** How much of the velocity stays at each step (default: 0, plain descent). */
  readonly momentum?: number;
  /** Whether to step along the gradient as it will be after the momentum (default: false). */
  readonly nesterov?: boolean;
  /** Added to the gradient: this times the weight, for parameters that decay (default: 0). */
  readonly weightDecay?: number;
}

/**
 * velocity = momentum * velocity + gradient; the step is learningRate * velocity, or with Nesterov's momentum
 * learningRate * (gradient + momentum * velocity). Source: Sutskever et al. 2013, section 2, in PyTorch's form, where
 * the learning rate stands outside of the velocity.
 *
 * Throws `bad-argument` for a momentum that is not from 0 to below 1, and for other numbers below 0.
 */
export function sgd(
  learningRate: number,
  { momentum = 0, nesterov = false, weightDecay = 0 }: SgdSettings = {},
): Optimiser<'velocity'> {
  requireAmounts({ learningRate, weightDecay });
  requireDecays({ momentum });
  return {
    name: 'sgd',
    learningRate,
    settings: { momentum, nesterov: Number(nesterov), weightDecay },
    slots: ['velocity'],
    update({ value, slots }, gradient, { decays }) {
      const slope = decays ? gradient + weightDecay * value : gradient;
      const velocity = momentum * slots.velocity + slope;
      const direction = nesterov ? slope + momentum * velocity : velocity;
      return { value: value - learningRate * direction, slots: { velocity } };
    },
    emitUpdate(graph, vectors) {
      const { weights, gradients, slots, learningRate: rate } = vectors;
      const carried = (velocity: string): string => graph.op('Mul', [velocity, graph.scalar(momentum)]);
      const slope =
        weightDecay === 0 ? gradients : graph.op('Add', [gradients, emitDecay(graph, weightDecay, vectors)]);
      const velocity = graph.op('Add', [carried(slots.velocity), slope]);
      const direction = nesterov ? graph.op('Add', [slope, carried(velocity)]) : velocity;
      return { weights: graph.op('Sub', [weights, graph.op('Mul', [rate, direction])]), slots: { velocity } };
    },
  };
}
