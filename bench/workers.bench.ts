// One generation of the default digits run with one worker and with two, in turns.
import { parseConfig } from '../population/config.ts';
import type { Candidate, Evaluated } from '../population/candidate.ts';
import { evaluateAll } from '../population/evaluation/evaluate-all.ts';
import { loadData } from '../population/evaluation/load-data.ts';
import { workerPool } from '../population/evaluation/worker-pool.ts';
import { Evolution } from '../population/evolution.ts';
import { networkHash } from '../src/network/hash.ts';
import { median } from './median.ts';

const generations = Number(process.env.GENERATIONS ?? 5);

export async function measure(): Promise<object> {
  const config = parseConfig({ data: 'digits' });
  const data = await loadData(config);
  const evolution = new Evolution(config, data);
  const pools = [1, 2].map((workers) => workerPool(workers, data.splits));
  const results: { generation: number; seconds: [number, number]; ratio: number }[] = [];
  // The first population, on both: what starts with the threads is not to count.
  const first = evolution.ask();
  await Promise.all(evaluateAll(pools[0]!, first));
  tellAll(evolution, first, await Promise.all(evaluateAll(pools[1]!, first)));
  while (evolution.generation < generations) {
    const candidates = evolution.ask();
    const seconds: [number, number] = [0, 0];
    const hashes: string[] = [];
    let evaluated: Evaluated[] = [];
    for (const at of evolution.generation % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const begin = performance.now();
      evaluated = await Promise.all(evaluateAll(pools[at]!, candidates));
      seconds[at] = (performance.now() - begin) / 1000;
      hashes.push(evaluated.map((one) => ('failure' in one ? one.failure : networkHash(one.trained.network))).join());
    }
    if (hashes[0] !== hashes[1]) throw new Error('Expected equal networks with one worker and with two');
    results.push({ generation: evolution.generation, seconds, ratio: seconds[0] / seconds[1] });
    tellAll(evolution, candidates, evaluated);
  }
  await Promise.all(pools.map((pool) => pool.close()));
  return {
    unit: 's',
    children: config.children,
    median_of_one_worker: median(results.map(({ seconds }) => seconds[0])),
    median_of_two_workers: median(results.map(({ seconds }) => seconds[1])),
    median_ratio: median(results.map(({ ratio }) => ratio)),
    results,
  };
}

function tellAll(evolution: Evolution, candidates: readonly Candidate[], evaluated: readonly Evaluated[]): void {
  candidates.forEach((candidate, at) => evolution.tell(candidate, evaluated[at]!));
}
