// Adam, with the age of every entry counted by itself.
import type { OnnxGraph, OnnxValue } from '../../engine/onnx/onnx-graph.ts';
import { requireAmounts, requireDecays } from './check-settings.ts';
import type { Entry, EntryVectors, Optimiser } from './optimiser.ts';

/** What Adam remembers: the means of the gradients and of their squares. */
export type AdamSlot = 'first' | 'second';

/** Settings of `adam`. */
export interface AdamSettings {
  /** How much of the mean gradient stays at each step (default: 0.9). */
  readonly beta1?: number;
  /** How much of the mean squared gradient stays at each step (default: 0.999). */
  readonly beta2?: number;
  /** Added to the root of the mean square (default: 1e-8). */
  readonly epsilon?: number;
}

/**
 * Source: Kingma and Ba 2015, algorithm 1. Bias correction goes by the age of each entry, so that entries which a
 * growth step added take first steps of the learning rate, not of 3 to 6 times it.
 *
 * Throws `bad-argument` for a beta that is not from 0 to below 1, and for other numbers below 0.
 */
export function adam(learningRate: number, settings: AdamSettings = {}): Optimiser<AdamSlot> {
  requireAmounts({ learningRate });
  const own = adamSettings(settings);
  return {
    name: 'adam',
    learningRate,
    settings: own,
    slots: ['first', 'second'],
    update: (entry, gradient, { age }) => adamUpdate(learningRate, own, entry, gradient, age),
    emitUpdate: (graph, vectors) => emitAdam(graph, own, vectors),
  };
}

export function adamSettings({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: AdamSettings): {
  beta1: number;
  beta2: number;
  epsilon: number;
} {
  requireDecays({ beta1, beta2 });
  requireAmounts({ epsilon });
  return { beta1, beta2, epsilon };
}

/** One entry after its update number `age`. */
export function adamUpdate(
  learningRate: number,
  { beta1, beta2, epsilon }: Required<AdamSettings>,
  { value, slots }: Entry<AdamSlot>,
  gradient: number,
  age: number,
): Entry<AdamSlot> {
  const first = beta1 * slots.first + (1 - beta1) * gradient;
  const second = beta2 * slots.second + (1 - beta2) * gradient * gradient;
  const mean = first / (1 - beta1 ** age);
  const deviation = Math.sqrt(second / (1 - beta2 ** age));
  return { value: value - (learningRate * mean) / (deviation + epsilon), slots: { first, second } };
}

/** `adamUpdate` on whole vectors. */
export function emitAdam(
  graph: OnnxGraph,
  { beta1, beta2, epsilon }: Required<AdamSettings>,
  { weights, gradients, slots, age, learningRate }: Omit<EntryVectors<AdamSlot>, 'decays'>,
): Pick<EntryVectors<AdamSlot>, 'weights' | 'slots'> {
  const op = (type: string, ...inputs: OnnxValue[]): OnnxValue => graph.op(type, inputs);
  const scaled = (value: OnnxValue, factor: number): OnnxValue => op('Mul', value, graph.scalar(factor));
  const first = op('Add', scaled(slots.first, beta1), scaled(gradients, 1 - beta1));
  const second = op('Add', scaled(slots.second, beta2), scaled(op('Mul', gradients, gradients), 1 - beta2));
  // 1 - beta^age, where beta^age = exp(age * ln beta).
  const correction = (beta: number): OnnxValue => op('Sub', graph.scalar(1), op('Exp', scaled(age, Math.log(beta))));
  const mean = op('Div', first, correction(beta1));
  const deviation = op('Add', op('Sqrt', op('Div', second, correction(beta2))), graph.scalar(epsilon));
  const change = op('Mul', learningRate, op('Div', mean, deviation));
  return { weights: op('Sub', weights, change), slots: { first, second } };
}
