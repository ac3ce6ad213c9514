// The update of all trained parameters as ONNX operations: clipping, then the optimiser.
import type { EntryVectors, Optimiser } from '../../training/optimisers/optimiser.ts';
import type { OnnxGraph, OnnxValue } from './onnx-graph.ts';

export interface UpdateRecipe {
  readonly optimiser: Optimiser;
  /** The largest norm of all gradients together; undefined for no limit. */
  readonly clipNorm: number | undefined;
}

/** The graph's input that holds an optimiser's slot. */
export function slotName(slot: string): string {
  return `slot ${slot}`;
}

/** The graph's output for what the next step reads as `name`. */
export function nextName(name: string): string {
  return `next ${name}`;
}

/**
 * Inputs: age, learningRate and the optimiser's slots; outputs: the next weights, age and slots. `length` is that of
 * the vectors, `ages` that of the age vector.
 */
export function emitUpdate(
  graph: OnnxGraph,
  { weights, gradients, decays }: Pick<EntryVectors, 'weights' | 'gradients' | 'decays'>,
  { length, ages }: { readonly length: number; readonly ages: number },
  { optimiser, clipNorm }: UpdateRecipe,
): void {
  const age = graph.op('Add', [graph.input('age', [ages]), graph.scalar(1)]);
  const slots = optimiser.slots.map((slot) => [slot, graph.input(slotName(slot), [length])] as const);
  const next = optimiser.emitUpdate(graph, {
    weights,
    gradients: clipNorm === undefined ? gradients : emitClip(graph, gradients, clipNorm),
    slots: Object.fromEntries(slots),
    age,
    learningRate: graph.input('learningRate', [1]),
    decays,
  });
  graph.output(nextName('weights'), next.weights, [length]);
  graph.output(nextName('age'), age, [ages]);
  for (const slot of optimiser.slots) graph.output(nextName(slotName(slot)), next.slots[slot]!, [length]);
}

/** gradients * clipNorm / max(norm, clipNorm). */
function emitClip(graph: OnnxGraph, gradients: OnnxValue, clipNorm: number): OnnxValue {
  const norm = graph.op('ReduceL2', [gradients], { keepdims: 1 });
  const limit = graph.scalar(clipNorm);
  const share = graph.op('Div', [limit, graph.op('Max', [norm, limit])]);
  return graph.op('Mul', [gradients, share]);
}
