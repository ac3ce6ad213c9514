// Time to make the program of a training step: building the graph, and onnxruntime's work on it.
import { planBackward } from '../src/engine/backward-plan.ts';
import { defaultLoss } from '../src/engine/default-loss.ts';
import { TrainerState } from '../src/engine/onnx/trainer-state.ts';
import { createTrainingSession } from '../src/engine/onnx/training-session.ts';
import { adam } from '../src/training/optimisers/adam.ts';
import { freshTrainingState } from '../src/training/training-state.ts';
import { median } from './median.ts';
import { networkNames, networks } from './networks.ts';

const size = 128;
const compiles = 11;

export async function measure(): Promise<object> {
  const recipe = { batch: size, loss: defaultLoss, update: { optimiser: adam(1e-3), clipNorm: undefined } };
  const results: object[] = [];
  for (const name of networkNames) {
    const network = networks[name]();
    const times: number[] = [];
    for (let run = 0; run < compiles; run++) {
      const start = performance.now();
      const plan = planBackward(network, undefined);
      const { layout } = new TrainerState(network, plan, freshTrainingState);
      const session = await createTrainingSession(network, plan, layout, recipe, { threads: 1 });
      times.push(performance.now() - start);
      await session.release();
    }
    results.push({ network: name, threads: 1, median_ms: median(times), slowest_ms: Math.max(...times) });
  }
  return { unit: 'ms', batch: size, compiles, results };
}
