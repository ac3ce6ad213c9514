// How long one sample takes on the engine that evaluates.
import { batchOf, type Samples } from '../../src/data/samples.ts';
import type { Program } from '../../src/engine/engine.ts';

const warmUps = 5;
const runs = 21;

/** Milliseconds for the output of one sample: the median of warmed runs. No two calls give the same. */
export async function measureLatency(program: Program, samples: Samples): Promise<number> {
  const batch = batchOf(samples, [0]);
  const times: number[] = [];
  for (let run = 0; run < warmUps + runs; run++) {
    const begin = performance.now();
    await program.forward(batch);
    if (run >= warmUps) times.push(performance.now() - begin);
  }
  return times.sort((a, b) => a - b)[runs >> 1]!;
}
