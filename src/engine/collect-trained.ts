// Turns the numbers an engine trained back into a network and its training state.
import type { Network } from '../network/network.ts';
import { tensor, type Shape, type Tensor } from '../network/tensor.ts';
import type { Moments, TrainedNetwork, TrainingState } from '../training/training-state.ts';
import { trackedParams, trainableParams, type BackwardPlan } from './backward-plan.ts';
import type { Values } from './engine.ts';

/** What an engine holds of each trained node. */
export interface TrainedValues {
  param(id: string, name: string): Values;
  /** The optimiser's slots by name. */
  slots(id: string, name: string): Readonly<Record<string, Values>>;
  /** One value, or one for each entry. */
  ages(id: string, name: string): Values;
}

/** Trained nodes get new tensors; frozen ones, and their state, stay the very same objects. */
export function collectTrained(
  network: Network,
  plan: BackwardPlan,
  before: TrainingState,
  values: TrainedValues,
): TrainedNetwork {
  const moments: Record<string, Readonly<Record<string, Moments>>> = {};
  const nodes = network.nodes.map((node) => {
    if (!plan.trains(node.id)) {
      if (before.moments[node.id]) moments[node.id] = before.moments[node.id]!;
      return node;
    }
    const shapeOf = (name: string): Shape => node.params[name]!.shape;
    const trained = trainableParams(node);
    moments[node.id] = Object.fromEntries(
      trained.map((name) => {
        const slots = Object.entries(values.slots(node.id, name)).map(([slot, own]): [string, Tensor] => [
          slot,
          copied(shapeOf(name), own),
        ]);
        return [name, { ...Object.fromEntries(slots), age: ages(shapeOf(name), values.ages(node.id, name)) }];
      }),
    );
    const params = [...trained, ...trackedParams(node)].map((name): [string, Tensor] => [
      name,
      copied(shapeOf(name), values.param(node.id, name)),
    ]);
    return { ...node, params: Object.fromEntries(params) };
  });
  return { network: { nodes }, state: { moments } };
}

function copied(shape: Shape, values: Values): Tensor {
  return tensor(shape, new Float32Array(values));
}

/** Ages of one value are kept as a single number. */
function ages(shape: Shape, values: Values): Tensor {
  const uniform = values.every((age) => age === values[0]);
  return uniform ? tensor([1], Float32Array.of(values[0]!)) : copied(shape, values);
}
