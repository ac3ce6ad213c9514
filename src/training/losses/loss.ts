// The contract of a loss: what training makes small, in float64 and as ONNX operations.
import type { Targets, Values } from '../../engine/engine.ts';
import type { OnnxGraph, OnnxValue } from '../../engine/onnx/onnx-graph.ts';

/** What a loss says of a batch. */
export interface LossMetrics {
  /** Mean over the batch. */
  readonly loss: number;
  /** How many samples were right; undefined for a loss that knows no right and wrong. */
  readonly correct: number | undefined;
}

/** The sizes of a batch: samples, and output values of each. */
export interface LossSizes {
  readonly batch: number;
  readonly outputs: number;
}

/**
 * A loss between outputs [batch, outputs] and targets [batch, targetWidth(outputs)], the mean over the batch.
 *
 * What is not a number in the outputs comes out as a loss that is not a number. Name and settings decide everything:
 * a compiled training graph is kept under them.
 */
export interface Loss {
  readonly name: string;
  readonly settings: Readonly<Record<string, number>>;
  /** Target values of each sample. */
  targetWidth(outputs: number): number;
  measure(outputs: Values, targets: Targets, sizes: LossSizes): LossMetrics;
  /** d(loss)/d(outputs): [batch, outputs]. */
  gradient(outputs: Values, targets: Targets, sizes: LossSizes): Float64Array;
  /** The same gradient as operations of a graph. */
  emitGradient(graph: OnnxGraph, outputs: OnnxValue, targets: OnnxValue, sizes: LossSizes): OnnxValue;
}
