// The weight decay of all entries as ONNX operations.
import type { OnnxGraph, OnnxValue } from '../../engine/onnx/onnx-graph.ts';
import type { EntryVectors } from './optimiser.ts';

/** weightDecay * weight where decay applies, 0 elsewhere. */
export function emitDecay(
  graph: OnnxGraph,
  weightDecay: number,
  { weights, decays }: Pick<EntryVectors, 'weights' | 'decays'>,
): OnnxValue {
  const decaying = graph.op('Mul', [weights, decays()]);
  return graph.op('Mul', [decaying, graph.scalar(weightDecay)]);
}
