// One training step, forward, backward and update, as one ONNX graph of a fixed batch size.
import type * as ort from 'onnxruntime-node';
import type { Network } from '../../network/network.ts';
import { inputNode, outputNode } from '../../network/network.ts';
import { layersOf } from '../../network/shapes.ts';
import type { Loss } from '../../training/losses/loss.ts';
import type { BackwardPlan } from '../backward-plan.ts';
import { outputSize } from '../loss-sizes.ts';
import { noisyNodes } from '../noise.ts';
import { constantParams, emitBackward, emitForward } from './emit-network.ts';
import { emitUpdate, nextName, type UpdateRecipe } from './emit-update.ts';
import { decayMask, emitPack, emitUnpack, type FlatLayout } from './flat-layout.ts';
import { OnnxGraph } from './onnx-graph.ts';
import { createSession, type OnnxSettings } from './session.ts';

export interface TrainingLayout {
  /** Parameters that the optimiser moves. */
  readonly trained: FlatLayout;
  /** Running statistics of the trained nodes. */
  readonly tracked: FlatLayout;
  /** Length of the age vector: 1 where all entries are of one age. */
  readonly ages: number;
}

/** What a training graph computes, apart from the network. */
export interface TrainingRecipe {
  readonly batch: number;
  readonly loss: Loss;
  /** Undefined for a graph that gives the gradients and updates nothing. */
  readonly update: UpdateRecipe | undefined;
}

export function createTrainingSession(
  network: Network,
  plan: BackwardPlan,
  layout: TrainingLayout,
  recipe: TrainingRecipe,
  settings: OnnxSettings,
): Promise<ort.InferenceSession> {
  // Where all weights are inputs and the gradient reads all values, onnxruntime finds next to nothing to fold or fuse.
  const asWritten = network.nodes.every(({ id, params }) => plan.trains(id) || Object.keys(params).length === 0);
  return createSession(trainingGraph(network, plan, layout, recipe), settings, { asWritten });
}

/**
 * Inputs: input, targets, weights, statistics, the noise of each noisy node, and for an update also age, learningRate and the optimiser's slots.
 * Outputs: outputs [batch, values], and gradients; for an update instead of them the next weights, age, slots and
 * statistics.
 */
export function trainingGraph(
  network: Network,
  plan: BackwardPlan,
  layout: TrainingLayout,
  { batch, loss, update }: TrainingRecipe,
): OnnxGraph {
  const graph = new OnnxGraph();
  const layers = layersOf(network);
  const { trained, tracked } = layout;
  const sizes = { batch, outputs: outputSize(network) };
  const input = graph.input('input', [batch, ...layers.get(inputNode(network).id)!.output]);
  const targets = graph.input('targets', [batch, loss.targetWidth(sizes.outputs)]);
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
    noise: new Map(
      noisyNodes(network, plan).map(({ id }) => [id, graph.input(noiseInput(id), [batch, ...layers.get(id)!.output])]),
    ),
    params: (node) =>
      plan.trains(node.id) ? { ...weightValues.get(node.id), ...statisticValues?.get(node.id) } : constants(node),
  });
  const { output } = forward.get(outputNode(network).id)!;
  const shape = [batch, ...layers.get(outputNode(network).id)!.output];
  const isFlat = shape.length === 2;
  const outputs = isFlat ? output : graph.reshape(output, [batch, sizes.outputs]);
  graph.output('outputs', outputs, [batch, sizes.outputs]);

  const slope = loss.emitGradient(graph, outputs, targets, sizes);
  const outputGradient = isFlat ? slope : graph.reshape(slope, shape);
  const byParams = emitBackward(network, forward, outputGradient, { graph, batch, plan });
  const gradients = emitPack(graph, byParams, trained);
  if (!update) {
    graph.output('gradients', gradients, [trained.length]);
    return graph;
  }
  const vectors = { weights, gradients, decays: () => graph.constant([trained.length], decayMask(network, trained)) };
  emitUpdate(graph, vectors, { length: trained.length, ages: layout.ages }, update);
  if (tracked.length > 0) {
    const statistics = new Map([...forward].flatMap(([id, node]) => (node.statistics ? [[id, node.statistics]] : [])));
    graph.output(nextName('statistics'), emitPack(graph, statistics, tracked), [tracked.length]);
  }
  return graph;
}

/** The name of the input that takes a node's noise. */
export function noiseInput(id: string): string {
  return `noise/${id}`;
}
