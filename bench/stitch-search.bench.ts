// Four ways to search one supernetwork at equal true evaluations: hypervolume of error and MACs, by seed.
import { onnxEngine } from '../src/engine/onnx/onnx-engine.ts';
import { costOf } from '../src/network/cost.ts';
import type { ObjectiveVector } from '../src/pareto/dominance.ts';
import { hypervolume } from '../src/pareto/hypervolume.ts';
import { RandomStream } from '../src/random/stream.ts';
import { evaluate } from '../src/training/evaluate.ts';
import {
  buildSupernetwork,
  childNetwork,
  fitSupernetwork,
  genotypeKey,
  searchSupernetwork,
  type Genotype,
  type SearchAlgorithmName,
} from '../stitching/index.ts';
import { median } from './median.ts';
import { benchData, first, trainedParents } from './parents.ts';

const algorithms: readonly SearchAlgorithmName[] = ['crossings', 'nsga2', 'gomea', 'random'];
const budgets = [30, 100, 400];
const seeds = [1, 2, 3, 4, 5];

export async function measure(): Promise<object> {
  const engine = onnxEngine({ threads: 2 });
  const { name, splits } = await benchData(1, 'digits');
  const parents = await trainedParents(engine, splits, 1, 12);
  const samples = {
    data: Float32Array.from(first(splits.train, 2000).inputs),
    count: Math.min(2000, splits.train.count),
  };
  const supernetwork = await fitSupernetwork(engine, buildSupernetwork(...parents), samples);
  const networks = parents.map(({ network }) => network);
  const ends = (await evaluate(engine, networks, splits.validation)).map(({ error }, i) => ({
    error,
    macs: costOf(networks[i]!).macs,
  }));
  const twiceTheWorst = (values: readonly number[]): number => 2 * Math.max(...values);
  const reference = [twiceTheWorst(ends.map(({ error }) => error)), twiceTheWorst(ends.map(({ macs }) => macs))];
  const shareOfBox = (vectors: readonly ObjectiveVector[]): number =>
    hypervolume(vectors, reference) / (reference[0]! * reference[1]!);

  // One child has one vector, whoever asks: what was evaluated for one algorithm serves all.
  const known = new Map<string, ObjectiveVector>();
  const judge = async (genotypes: readonly Genotype[]): Promise<ObjectiveVector[]> => {
    const fresh = genotypes.filter((genotype) => !known.has(genotypeKey(genotype)));
    const children = fresh.map((genotype) => childNetwork(supernetwork, genotype));
    const metrics = children.length > 0 ? await evaluate(engine, children, splits.validation) : [];
    fresh.forEach((genotype, i) => {
      known.set(genotypeKey(genotype), [metrics[i]!.error, costOf(children[i]!).macs]);
    });
    return genotypes.map((genotype) => known.get(genotypeKey(genotype))!);
  };

  const results: object[] = [];
  for (const budget of budgets) {
    for (const algorithm of algorithms) {
      const volumes: number[] = [];
      const evaluations: number[] = [];
      for (const seed of seeds) {
        const rng = RandomStream.fromSeed(seed);
        const { front, evaluated } = await searchSupernetwork(supernetwork, algorithm, judge, { budget, rng });
        const vectors = front.map(({ objectives }) => objectives);
        volumes.push(shareOfBox(vectors));
        evaluations.push(evaluated.length);
      }
      const range = [Math.min(...volumes), Math.max(...volumes)];
      results.push({ algorithm, budget, evaluations: median(evaluations), median: median(volumes), range });
    }
  }
  return {
    data: name,
    stitches: supernetwork.stitches.length,
    parents: ends,
    reference,
    hypervolume_of_parents: shareOfBox(ends.map(({ error, macs }) => [error, macs])),
    hypervolume_of_all_seen: shareOfBox([...known.values()]),
    children_seen: known.size,
    seeds,
    results,
  };
}
