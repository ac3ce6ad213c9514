// Distillation: learn from a teacher's logits and from the labels at once.
import type { Targets } from '../../engine/engine.ts';
import { expected } from '../../errors.ts';
import { logSoftmax } from './log-softmax.ts';
import type { Loss } from './loss.ts';
import { softmaxCrossEntropy } from './softmax-cross-entropy.ts';

/** How much the teacher counts, and how softly. */
export interface DistillationSettings {
  /** Divides both networks' logits before the softmax (default: 2). */
  readonly temperature?: number;
  /** Share of the teacher in the loss, 0..1; the labels have the rest (default: 0.5). */
  readonly weight?: number;
  /** Label smoothing of the label loss (default: 0). */
  readonly smoothing?: number;
}

/**
 * weight * T^2 * KL(teacher at T || student at T) + (1 - weight) * softmax cross-entropy with the labels
 * (Hinton, Vinyals and Dean 2015, section 2). Targets are [batch, 2 * classes]: class probabilities, then the teacher's
 * logits; `distillationTargets` joins them. Correct is a sample whose highest logit is at its class.
 *
 * Throws `bad-argument` for a temperature that is not above 0 or a weight outside 0..1.
 */
export function distillation({ temperature = 2, weight = 0.5, smoothing = 0 }: DistillationSettings = {}): Loss {
  if (!(temperature > 0 && temperature < Infinity)) {
    throw expected('bad-argument', 'a temperature above 0', temperature);
  }
  if (!(weight >= 0 && weight <= 1)) throw expected('bad-argument', 'a weight from 0 to 1', weight);
  const labelLoss = softmaxCrossEntropy({ smoothing });
  return {
    name: 'distillation',
    settings: { temperature, weight, smoothing },
    targetWidth: (outputs) => 2 * outputs,

    measure(logits, targets, sizes) {
      const { labels, teacher } = parts(targets, sizes.outputs);
      const { loss, correct } = labelLoss.measure(logits, labels, sizes);
      const own = logSoftmax(logits, sizes.outputs, temperature);
      const wanted = logSoftmax(teacher, sizes.outputs, temperature);
      let divergence = 0;
      for (let at = 0; at < own.length; at++) {
        const probability = Math.exp(wanted[at]!);
        // p log p is 0 where p is 0; NaN is not 0, and counts.
        if (probability !== 0) divergence += (probability * (wanted[at]! - own[at]!)) / sizes.batch;
        else if (Number.isNaN(own[at]!)) divergence = NaN;
      }
      return { loss: (1 - weight) * loss + weight * temperature ** 2 * divergence, correct };
    },

    gradient(logits, targets, sizes) {
      const { labels, teacher } = parts(targets, sizes.outputs);
      const byLabels = labelLoss.gradient(logits, labels, sizes);
      const own = logSoftmax(logits, sizes.outputs, temperature);
      const wanted = logSoftmax(teacher, sizes.outputs, temperature);
      return byLabels.map((slope, at) => {
        const byTeacher = (temperature * (Math.exp(own[at]!) - Math.exp(wanted[at]!))) / sizes.batch;
        return (1 - weight) * slope + weight * byTeacher;
      });
    },

    emitGradient(graph, logits, targets, sizes) {
      const halves = graph.integers([sizes.outputs, sizes.outputs]);
      const [labels, teacher] = graph.ops('Split', [targets, halves], { axis: 1 }, 2);
      const soft = (value: string): string =>
        graph.op('Softmax', [graph.op('Mul', [value, graph.scalar(1 / temperature)])], { axis: -1 });
      const scaled = (value: string, factor: number): string => graph.op('Mul', [value, graph.scalar(factor)]);
      const byTeacher = graph.op('Sub', [soft(logits), soft(teacher!)]);
      return graph.op('Add', [
        scaled(labelLoss.emitGradient(graph, logits, labels!, sizes), 1 - weight),
        scaled(byTeacher, (weight * temperature) / sizes.batch),
      ]);
    },
  };
}

/**
 * Joins class probabilities and a teacher's logits, both [count, classes], to the targets of `distillation`.
 *
 * Throws `bad-argument` where they are not as many, or no whole rows.
 */
export function distillationTargets(labels: Targets, teacherLogits: Targets, classes: number): Targets {
  if (labels.length !== teacherLogits.length) {
    throw expected('bad-argument', `${labels.length} logits of the teacher`, teacherLogits.length);
  }
  if (labels.length % classes !== 0) throw expected('bad-argument', `rows of ${classes} classes`, labels.length);
  const joined = new Float32Array(2 * labels.length);
  for (let from = 0; from < labels.length; from += classes) {
    joined.set(labels.subarray(from, from + classes), 2 * from);
    joined.set(teacherLogits.subarray(from, from + classes), 2 * from + classes);
  }
  return joined;
}

function parts(targets: Targets, classes: number): { readonly labels: Targets; readonly teacher: Targets } {
  const half = (shift: number): Targets =>
    Float32Array.from({ length: targets.length / 2 }, (_, at) => {
      const row = Math.floor(at / classes);
      return targets[(2 * row + shift) * classes + (at - row * classes)]!;
    });
  return { labels: half(0), teacher: half(1) };
}
