// Runs samples through networks batch by batch, and adds up the sums of their regressions.
import type { Batch, Engine, NormalEquations } from '../../src/engine/engine.ts';
import type { Network } from '../../src/network/network.ts';
import type { NodePair } from './align.ts';
import { addSums } from './sums.ts';

/** The sums of every regression over each of several series of batches, in float64. */
export async function accumulate(
  engine: Engine,
  networks: readonly Network[],
  pairs: readonly NodePair[],
  series: readonly Iterable<Batch>[],
): Promise<NormalEquations[][]> {
  const program = await engine.compile(networks);
  try {
    const results: NormalEquations[][] = [];
    for (const batches of series) {
      let totals: NormalEquations[] = [];
      for (const batch of batches) {
        const sums = await program.normalEquations(batch, pairs);
        totals = sums.map((sum, i) => (totals[i] ? addSums(totals[i], sum) : sum));
      }
      results.push(totals);
    }
    return results;
  } finally {
    await program.dispose();
  }
}

/** Batches of up to `batchSize` of the chosen samples, which have `size` values each. */
export function* batchesOf(
  data: Float32Array,
  size: number,
  chosen: readonly number[],
  batchSize: number,
): Generator<Batch> {
  for (let start = 0; start < chosen.length; start += batchSize) {
    const part = chosen.slice(start, start + batchSize);
    const batch = new Float32Array(part.length * size);
    part.forEach((index, at) => {
      batch.set(data.subarray(index * size, (index + 1) * size), at * size);
    });
    yield { size: part.length, data: batch };
  }
}
