// A training state with lively moments for laws: no entry's memory is like another's, and ages are of both shapes.
import { trainableParams } from '../../src/engine/backward-plan.ts';
import type { Network } from '../../src/network/network.ts';
import { sizeOf, tensor, type Shape, type Tensor } from '../../src/network/tensor.ts';
import { RandomStream } from '../../src/random/stream.ts';
import type { Moments, TrainingState } from '../../src/training/training-state.ts';

/** Moments for every trainable parameter; no age is 0, so that 0 marks what an operator added. */
export function randomState(network: Network, seed: number): TrainingState {
  const moments = network.nodes.map((node) => {
    const rng = RandomStream.fromSeed(`state ${seed}`).fork(node.id);
    const byName = trainableParams(node).map((name) => [name, randomMoments(node.params[name]!.shape, rng.fork(name))]);
    return [node.id, Object.fromEntries(byName) as Record<string, Moments>] as const;
  });
  return { moments: Object.fromEntries(moments.filter(([, byName]) => Object.keys(byName).length > 0)) };
}

function randomMoments(shape: Shape, rng: RandomStream): Moments {
  const values = (of: Shape, draw: () => number): Tensor => tensor(of, Float32Array.from({ length: sizeOf(of) }, draw));
  return {
    first: values(shape, () => 0.1 * rng.normal()),
    second: values(shape, () => 0.01 + 0.1 * rng.float()),
    age: values(rng.float() < 0.5 ? [1] : shape, () => 1 + rng.int(500)),
  };
}
