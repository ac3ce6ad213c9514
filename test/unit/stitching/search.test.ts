// Searches inside a supernetwork: what they count, what they find, and that a seed decides everything.
import { beforeAll, describe, expect, test } from 'vitest';
import { costOf } from '../../../src/network/cost.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import { nonDominatedSort } from '../../../src/pareto/non-dominated-sort.ts';
import type { ObjectiveVector } from '../../../src/pareto/dominance.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { freshTrainingState, type TrainedNetwork } from '../../../src/training/training-state.ts';
import { canonicalGenotype } from '../../../stitching/active-variables.ts';
import { singleCrossings } from '../../../stitching/crossings.ts';
import { childNetwork } from '../../../stitching/decode.ts';
import { genotypeKey, genotypeWith, parentGenotype, type Genotype } from '../../../stitching/genotype.ts';
import { Ledger } from '../../../stitching/search/ledger.ts';
import { averageLinkage, linkageTree } from '../../../stitching/search/linkage-tree.ts';
import { searchAlgorithms, searchSupernetwork, type SearchAlgorithmName } from '../../../stitching/search/search.ts';
import { fromRow, toRow } from '../../../stitching/search/variables.ts';
import { buildSupernetwork, type Supernetwork } from '../../../stitching/supernetwork.ts';
import { someGenotypes } from '../../helpers/genotypes.ts';

function mlp(seed: number, widths: readonly number[]): TrainedNetwork {
  const builder = new NetworkBuilder([4], RandomStream.fromSeed(seed));
  for (const units of widths) builder.layer('dense', { units });
  builder.layer('dense', { units: 2 });
  return { network: builder.build(), state: freshTrainingState };
}

let supernetwork: Supernetwork;
/** Every child, in canonical form. */
let all: Map<string, Genotype>;

beforeAll(() => {
  supernetwork = buildSupernetwork(mlp(1, [5, 9, 4]), mlp(2, [7, 3, 6]));
  expect(supernetwork.stitches).toHaveLength(6);
  const genotypes = someGenotypes(supernetwork, RandomStream.fromSeed(1)).map((one) =>
    canonicalGenotype(supernetwork, one),
  );
  all = new Map(genotypes.map((genotype) => [genotypeKey(genotype), genotype]));
});

/** A made-up error that the wiring decides, and the cost. */
const objectivesOf = (genotype: Genotype): ObjectiveVector => [
  RandomStream.fromSeed(genotypeKey(genotype)).float(),
  costOf(childNetwork(supernetwork, genotype)).macs,
];
const evaluate = (genotypes: readonly Genotype[]) => Promise.resolve(genotypes.map(objectivesOf));

describe('the ledger', () => {
  test('evaluates a child once, whatever the switches that do not matter, and none past the budget', async () => {
    const asked: Genotype[][] = [];
    const ledger = new Ledger(
      supernetwork,
      (genotypes) => {
        asked.push([...genotypes]);
        return evaluate(genotypes);
      },
      3,
    );
    const a = parentGenotype(supernetwork, 'a');
    const b = parentGenotype(supernetwork, 'b');
    // Nothing of parent b is in parent a: its switches do not matter there.
    const alike = { ...a, switches: supernetwork.stitches.map(({ to }) => to.network === 1) };
    const [first, same] = await ledger.ask([a, alike, b]);
    expect(first).toBe(same);
    expect(first!.objectives).toEqual(objectivesOf(a));
    expect(asked).toEqual([[a, b]]);
    expect(ledger.finished).toBe(false);
    const [one, two] = singleCrossings(supernetwork).map(({ genotype }) => genotype);
    expect((await ledger.ask([one!, two!, a])).map((child) => child?.genotype)).toEqual([one, undefined, a]);
    expect(asked).toEqual([[a, b], [one]]);
    expect([ledger.spent, ledger.finished]).toEqual([3, true]);
    expect(ledger.result().evaluated.map(({ genotype }) => genotype)).toEqual([a, b, one]);
  });

  test('ranks what could not be evaluated worst, and ends where nothing new is asked for', async () => {
    const ledger = new Ledger(supernetwork, () => Promise.resolve([[NaN, 1]]), 10);
    const [child] = await ledger.ask([parentGenotype(supernetwork, 'a')]);
    expect(child!.objectives).toEqual([Infinity, 1]);
    for (let round = 0; round < 1999; round++) await ledger.ask([]);
    expect(ledger.finished).toBe(false);
    await ledger.ask([parentGenotype(supernetwork, 'a')]);
    expect(ledger.finished).toBe(true);
    expect(() => new Ledger(supernetwork, evaluate, 0)).toThrow('Expected a budget of 1 or more evaluations, got 0');
  });
});

test('rows are genotypes', () => {
  for (const genotype of all.values()) expect(fromRow(toRow(genotype))).toEqual(genotype);
});

describe('the linkage tree', () => {
  test('joins what coincides first, then by the mean over members, and stops before the set of all', () => {
    const rng = RandomStream.fromSeed(5);
    // Variables 0 and 3 are equal, 1 and 4 opposite; 2 copies 0 most of the time.
    const rows = Array.from({ length: 200 }, () => {
      const [x, y] = [rng.int(2), rng.int(2)];
      return [x, y, rng.int(10) === 0 ? 1 - x : x, x, 1 - y];
    });
    const sets = linkageTree(rows).map((set) => set.toSorted((one, other) => one - other));
    expect(sets.slice(0, 5)).toEqual([[0], [1], [2], [3], [4]]);
    expect(sets.slice(5)).toEqual([
      [0, 3],
      [1, 4],
      [0, 2, 3],
    ]);
  });

  test('weighs every member of a set alike', () => {
    const likeness = (pairs: readonly (readonly [number, number, number])[], size: number): number[][] => {
      const rows = Array.from({ length: size }, () => new Array<number>(size).fill(0));
      for (const [one, other, value] of pairs) rows[one]![other] = rows[other]![one] = value;
      return rows;
    };
    // {0, 1} and 2 are 0.45 alike in the mean: more than 3 and 4, though 1 and 2 are less.
    const pairs = [
      [0, 1, 1],
      [0, 2, 0.8],
      [1, 2, 0.1],
      [3, 4, 0.4],
    ] as const;
    expect(averageLinkage(likeness(pairs, 5)).slice(5)).toEqual([
      [0, 1],
      [2, 0, 1],
      [3, 4],
    ]);
    // {0, 1, 2} and 3: 0.5 by members, where the two sets it was made of would say 0.4.
    const grown = [
      [0, 1, 1],
      [0, 2, 0.9],
      [1, 2, 0.9],
      [0, 3, 0.6],
      [1, 3, 0.6],
      [2, 3, 0.3],
      [4, 5, 0.47],
    ] as const;
    expect(averageLinkage(likeness(grown, 6)).slice(8)).toEqual([
      [3, 2, 0, 1],
      [4, 5],
    ]);
  });

  test('of a population that does not vary is still a tree', () => {
    expect(linkageTree([[0, 0, 0]])).toHaveLength(4);
    expect(linkageTree([[1]])).toEqual([[0]]);
  });
});

describe.each(Object.keys(searchAlgorithms) as SearchAlgorithmName[])('%s', (algorithm) => {
  const run = (budget: number, seed: number) =>
    searchSupernetwork(supernetwork, algorithm, evaluate, {
      budget,
      rng: RandomStream.fromSeed(seed),
      populationSize: 8,
    });

  test('evaluates different children within its budget, and gives the front among them', async () => {
    const { evaluated, front } = await run(20, 1);
    // The parents, their mean, and all crossings of three matches.
    expect(evaluated).toHaveLength(algorithm === 'crossings' ? 3 + 6 + 6 : 20);
    const keys = evaluated.map(({ genotype }) => genotypeKey(genotype));
    expect(new Set(keys).size).toBe(keys.length);
    for (const key of keys) expect(all.has(key)).toBe(true);
    const [best] = nonDominatedSort(evaluated.map(({ objectives }) => objectives));
    expect(new Set(front)).toEqual(new Set(best!.map((index) => evaluated[index]!)));
  });

  test('is the same for the same seed', async () => {
    expect(await run(25, 3)).toEqual(await run(25, 3));
    if (algorithm !== 'crossings') expect(await run(25, 3)).not.toEqual(await run(25, 4));
  });

  test('ends where there is nothing left to find, having found the front', async () => {
    const { evaluated, front } = await run(100_000, 1);
    expect(evaluated.length).toBeLessThanOrEqual(all.size);
    const asked = algorithm === 'crossings' ? evaluated.map(({ genotype }) => genotype) : [...all.values()];
    const vectors = asked.map(objectivesOf);
    const best = nonDominatedSort(vectors)[0]!.map((index) => vectors[index]!);
    expect(new Set(front.map(({ objectives }) => String(objectives)))).toEqual(new Set(best.map(String)));
  });
});

test.each(['nsga2', 'gomea'] as const)(
  '%s comes closer to a child of many stitches than random search',
  async (name) => {
    const widths = [5, 9, 4, 6, 3, 7, 8, 5];
    const large = buildSupernetwork(mlp(1, widths), mlp(2, widths.toReversed()));
    // Back and forth between the parents at every other match.
    const wanted = genotypeWith(large, [1, 4, 9, 12], 'a');
    expect(canonicalGenotype(large, wanted)).toEqual(wanted);
    const distance = (genotype: Genotype): ObjectiveVector => {
      const [one, other] = [toRow(genotype), toRow(wanted)];
      return [one.filter((value, at) => value !== other[at]).length, 0];
    };
    const judge = (genotypes: readonly Genotype[]) => Promise.resolve(genotypes.map(distance));
    const least = async (algorithm: SearchAlgorithmName): Promise<number> => {
      let sum = 0;
      for (const seed of [1, 2, 3, 4, 5]) {
        const options = { budget: 150, rng: RandomStream.fromSeed(seed), populationSize: 16 };
        sum += (await searchSupernetwork(large, algorithm, judge, options)).front[0]!.objectives[0]!;
      }
      return sum;
    };
    expect(await least(name)).toBeLessThan(await least('random'));
  },
);
