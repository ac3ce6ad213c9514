// One training step, forward, backward and Adam, as one ONNX graph of a fixed batch size.
import type * as ort from 'onnxruntime-node';
import type { Network } from '../../network/network.ts';
import { inputNode, outputNode } from '../../network/network.ts';
import { layersOf } from '../../network/shapes.ts';
import { adam, type Adam } from '../../training/adam.ts';
import type { BackwardPlan } from '../backward-plan.ts';
import { constantParams, emitBackward, emitForward } from './emit-network.ts';
import { emitPack, emitUnpack, type FlatLayout } from './flat-layout.ts';
import { OnnxGraph, type OnnxValue } from './onnx-graph.ts';
import { createSession, type OnnxSettings } from './session.ts';

export interface TrainingLayout {
  /** Parameters that Adam moves. */
  readonly trained: FlatLayout;
  /** Running statistics of the trained nodes. */
  readonly tracked: FlatLayout;
  /** Length of the age vector: 1 where all entries are of one age. */
  readonly ages: number;
}

/**
 * Inputs: input, targets, weights, statistics, and for a step also first, second, age, learningRate.
 * Outputs: logits, gradients; and for a step nextWeights, nextFirst, nextSecond, nextAge, nextStatistics instead of
 * gradients.
 */
export function createTrainingSession(
  network: Network,
  plan: BackwardPlan,
  layout: TrainingLayout,
  batch: number,
  purpose: 'step' | 'gradients',
  settings: OnnxSettings,
): Promise<ort.InferenceSession> {
  const graph = new OnnxGraph();
  const layers = layersOf(network);
  const classes = layers.get(outputNode(network).id)!.output[0]!;
  const { trained, tracked } = layout;
  const input = graph.input('input', [batch, ...layers.get(inputNode(network).id)!.output]);
  const targets = graph.input('targets', [batch, classes]);
  const weights = graph.input('weights', [trained.length]);
  const weightValues = emitUnpack(graph, weights, trained);
  const statisticValues =
    tracked.length > 0 ? emitUnpack(graph, graph.input('statistics', [tracked.length]), tracked) : undefined;

  const constants = constantParams(graph);
  const forward = emitForward(network, {
    graph,
    input,
    batch,
    mode: plan.mode,
    params: (node) =>
      plan.trains(node.id) ? { ...weightValues.get(node.id), ...statisticValues?.get(node.id) } : constants(node),
  });
  const logits = forward.get(outputNode(network).id)!.output;
  graph.output('logits', logits, [batch, classes]);

  const gradients = emitPack(
    graph,
    emitBackward(network, forward, emitLossGradient(graph, logits, targets, batch), { graph, batch, plan }),
    trained,
  );
  if (purpose === 'gradients') {
    graph.output('gradients', gradients, [trained.length]);
    return createSession(graph, settings);
  }
  emitAdam(graph, weights, gradients, layout);
  if (tracked.length > 0) {
    const statistics = new Map([...forward].flatMap(([id, node]) => (node.statistics ? [[id, node.statistics]] : [])));
    graph.output('nextStatistics', emitPack(graph, statistics, tracked), [tracked.length]);
  }
  return createSession(graph, settings);
}

/** d(mean softmax cross-entropy)/d(logits) = (probabilities * weight - targets) / batch. */
function emitLossGradient(graph: OnnxGraph, logits: OnnxValue, targets: OnnxValue, batch: number): OnnxValue {
  const weight = graph.sum(targets, [1], true);
  const wanted = graph.op('Mul', [graph.op('Softmax', [logits], { axis: -1 }), weight]);
  return graph.op('Mul', [graph.op('Sub', [wanted, targets]), graph.scalar(1 / batch)]);
}

/** The update of `adamUpdate` (src/training/adam.ts) on whole vectors. */
function emitAdam(graph: OnnxGraph, weights: OnnxValue, gradients: OnnxValue, layout: TrainingLayout): void {
  const { beta1, beta2, epsilon }: Adam = adam(0);
  const { length } = layout.trained;
  const op = (type: string, ...inputs: OnnxValue[]): OnnxValue => graph.op(type, inputs);
  const scaled = (value: OnnxValue, factor: number): OnnxValue => op('Mul', value, graph.scalar(factor));

  const age = op('Add', graph.input('age', [layout.ages]), graph.scalar(1));
  const first = op('Add', scaled(graph.input('first', [length]), beta1), scaled(gradients, 1 - beta1));
  const second = op(
    'Add',
    scaled(graph.input('second', [length]), beta2),
    scaled(op('Mul', gradients, gradients), 1 - beta2),
  );
  // 1 - beta^age, where beta^age = exp(age * ln beta).
  const correction = (beta: number): OnnxValue => op('Sub', graph.scalar(1), op('Exp', scaled(age, Math.log(beta))));
  const mean = op('Div', first, correction(beta1));
  const deviation = op('Add', op('Sqrt', op('Div', second, correction(beta2))), graph.scalar(epsilon));
  const change = op('Mul', graph.input('learningRate', [1]), op('Div', mean, deviation));

  graph.output('nextWeights', op('Sub', weights, change), [length]);
  graph.output('nextFirst', first, [length]);
  graph.output('nextSecond', second, [length]);
  graph.output('nextAge', age, [layout.ages]);
}
