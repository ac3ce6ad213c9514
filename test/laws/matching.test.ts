import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/random/stream.ts';
import { assign, assignmentLayout, chosenPairs } from '../../stitching/matching/assignment.ts';
import { add, emptySet, has } from '../../stitching/matching/bit-set.ts';
import { cutSets, withoutConflicts } from '../../stitching/matching/conflicts.ts';
import { matchGraphs, type Dag, type EligiblePair } from '../../stitching/matching/match-graphs.ts';
import {
  choiceOf,
  matchingProblem,
  outranks,
  type Choice,
  type MatchingProblem,
} from '../../stitching/matching/problem.ts';
import { search } from '../../stitching/matching/search.ts';
import { fuzzCases, fuzzTimeout } from '../helpers/fuzz-cases.ts';

interface Input {
  readonly a: Dag;
  readonly b: Dag;
  readonly eligible: readonly EligiblePair[];
}

const nothing: Choice = { chosen: [], weight: 0, penalty: 0 };
const noLimits = { timeLimitMs: Infinity, maxSubproblems: Infinity };
const densities = [0, 10, 25, 50, 100];

/** A random DAG, its vertices in random order. Unbiased, because small graphs have no conflicts. */
function dags(sizes: { min: number; max: number }): fc.Arbitrary<Dag> {
  return fc
    .noBias(fc.tuple(fc.integer(sizes), fc.constantFrom(...densities), fc.integer()))
    .map(([size, density, seed]) => {
      const stream = RandomStream.fromSeed(seed);
      const labels = stream.shuffle(Array.from({ length: size }, (_, vertex) => vertex));
      const edges = labels.flatMap((from, place) =>
        labels.slice(place + 1).flatMap((to): [number, number][] => (stream.int(100) < density ? [[from, to]] : [])),
      );
      return { size, edges };
    });
}

const weighings: Record<string, (stream: RandomStream) => number> = {
  ones: () => 1,
  whole: (stream) => 1 + stream.int(3),
  real: (stream) => 1 - stream.float(),
};

/** Two random DAGs and eligible pairs of weight 1, of small whole or of real weights. */
function inputs(sizes: { min: number; max: number }): fc.Arbitrary<Input> {
  return fc
    .tuple(
      dags(sizes),
      dags(sizes),
      fc.constantFrom(30, 60, 100),
      fc.constantFrom(...Object.keys(weighings)),
      fc.integer(),
    )
    .map(([a, b, density, weighing, seed]) => {
      const stream = RandomStream.fromSeed(seed);
      const eligible = Array.from({ length: a.size * b.size }, (_, k) => k)
        .filter(() => stream.int(100) < density)
        .map((k) => ({ a: Math.floor(k / b.size), b: k % b.size, weight: weighings[weighing]!(stream) }));
      return { a, b, eligible };
    });
}

/**
 * Graphs of single edges side by side, each vertex eligible with one or two others: here are the cycles that go through
 * each graph twice or more and that no two pairs make alone.
 */
const scattered: fc.Arbitrary<Input> = fc
  .noBias(fc.tuple(fc.integer({ min: 2, max: 4 }), fc.constantFrom(...Object.keys(weighings)), fc.integer()))
  .map(([count, weighing, seed]) => {
    const stream = RandomStream.fromSeed(seed);
    const size = 2 * count;
    const shuffled = () => stream.shuffle(Array.from({ length: size }, (_, vertex) => vertex));
    const edges = () => {
      const ends = shuffled();
      return Array.from({ length: count }, (_, k): [number, number] => [ends[2 * k]!, ends[2 * k + 1]!]);
    };
    const partners = [shuffled(), shuffled()];
    const eligible = partners.flatMap((list, round) =>
      list
        .filter((b, a) => round === 0 || (partners[0]![a] !== b && stream.int(4) === 0))
        .map((b) => ({ a: list.indexOf(b), b, weight: weighings[weighing]!(stream) })),
    );
    return { a: { size, edges: edges() }, b: { size, edges: edges() }, eligible };
  });

/** Whether the two graphs, with the vertices of each pair made one, have a topological order; by plain elimination. */
function isAcyclic(a: Dag, b: Dag, pairs: readonly { a: number; b: number }[]): boolean {
  const merged = new Map(pairs.map((pair) => [pair.b, pair.a]));
  const nameOf = (vertex: number): number => merged.get(vertex) ?? a.size + vertex;
  let edges = [...a.edges, ...b.edges.map(([from, to]) => [nameOf(from), nameOf(to)] as const)];
  for (;;) {
    const targets = new Set(edges.map(([, to]) => to));
    const rest = edges.filter(([from]) => targets.has(from));
    if (rest.length === edges.length) return edges.length === 0;
    edges = rest;
  }
}

function expectValid({ a, b, eligible }: Input, pairs: readonly EligiblePair[]): void {
  expect(new Set(pairs.map((pair) => pair.a)).size).toBe(pairs.length);
  expect(new Set(pairs.map((pair) => pair.b)).size).toBe(pairs.length);
  for (const pair of pairs) expect(eligible).toContainEqual(pair);
  expect(isAcyclic(a, b, pairs)).toBe(true);
}

/** The greatest weight of a valid matching: every choice for every vertex of `a`, less those that cannot get there. */
function bruteForce({ a, b, eligible }: Input): number {
  const choices = Array.from({ length: a.size }, (_, vertex) => eligible.filter((pair) => pair.a === vertex));
  const hopes = choices.map((list) => Math.max(0, ...list.map((pair) => pair.weight)));
  let best = 0;
  const visit = (vertex: number, chosen: readonly EligiblePair[], weight: number): void => {
    best = Math.max(best, weight);
    const hope = hopes.slice(vertex).reduce((sum, most) => sum + most, weight);
    if (vertex === a.size || hope <= best) return;
    for (const pair of choices[vertex]!) {
      const more = [...chosen, pair];
      if (chosen.some((other) => other.b === pair.b) || !isAcyclic(a, b, more)) continue;
      visit(vertex + 1, more, weight + pair.weight);
    }
    visit(vertex + 1, chosen, weight);
  };
  visit(0, [], 0);
  return best;
}

function pairsOf(problem: MatchingProblem, chosen: readonly number[]): EligiblePair[] {
  return chosen.map((pair) => problem.pairs[pair]!);
}

function weightOf(pairs: readonly EligiblePair[]): number {
  return pairs.reduce((sum, pair) => sum + pair.weight, 0);
}

/** The branch-and-bound search without the head start that `matchGraphs` gives it. */
function searchAlone({ a, b, eligible }: Input, maxSubproblems = Infinity) {
  const problem = matchingProblem(a, b, eligible);
  const { best, optimal } = search(problem, nothing, { ...noLimits, maxSubproblems });
  const pairs = pairsOf(problem, best.chosen);
  return { pairs, weight: weightOf(pairs), optimal };
}

/** The input with its vertices renumbered and its lists in another order. */
function relabelled({ a, b, eligible }: Input, seed: number): Input {
  const stream = RandomStream.fromSeed(seed);
  const labelsA = stream.shuffle(Array.from({ length: a.size }, (_, vertex) => vertex));
  const labelsB = stream.shuffle(Array.from({ length: b.size }, (_, vertex) => vertex));
  const renumber = ({ size, edges }: Dag, labels: readonly number[]): Dag => ({
    size,
    edges: stream.shuffle(edges.map(([from, to]): [number, number] => [labels[from]!, labels[to]!])),
  });
  return {
    a: renumber(a, labelsA),
    b: renumber(b, labelsB),
    eligible: stream.shuffle(
      eligible.map((pair) => ({ a: labelsA[pair.a]!, b: labelsB[pair.b]!, weight: pair.weight })),
    ),
  };
}

function holds<Values extends [unknown, ...unknown[]]>(property: fc.IProperty<Values>, numRuns = 300): void {
  fc.assert(property, { numRuns });
}

describe('matching', () => {
  it('is valid and as heavy as brute force finds, aligned or searched', { timeout: fuzzTimeout }, () => {
    holds(
      fc.property(fc.oneof(inputs({ min: 0, max: 8 }), scattered), (input) => {
        const best = bruteForce(input);
        for (const answer of [matchGraphs(input.a, input.b, input.eligible), searchAlone(input)]) {
          expectValid(input, answer.pairs);
          expect(answer.optimal).toBe(true);
          expect(answer.weight).toBeCloseTo(best, 9);
        }
      }),
      fuzzCases,
    );
  });

  it('of two narrow graphs has the least penalty of all that weigh as much', () => {
    holds(
      fc.property(inputs({ min: 0, max: 5 }), ({ a, b, eligible }) => {
        const problem = matchingProblem(a, b, eligible);
        let best = nothing;
        const visit = (pair: number, chosen: readonly number[]): void => {
          const choice = choiceOf(problem, chosen);
          if (outranks(choice, best)) best = choice;
          for (let next = pair; next < eligible.length; next++) {
            const { a: one, b: other } = eligible[next]!;
            const used = pairsOf(problem, chosen);
            if (used.some((taken) => taken.a === one || taken.b === other)) continue;
            if (isAcyclic(a, b, [...used, eligible[next]!])) visit(next + 1, [...chosen, next]);
          }
        };
        visit(0, []);
        const numbers = matchGraphs(a, b, eligible).pairs.map((pair) =>
          problem.pairs.findIndex((one) => one.a === pair.a && one.b === pair.b),
        );
        const { weight, penalty } = choiceOf(problem, numbers);
        expect({ weight, penalty }).toEqual({ weight: best.weight, penalty: best.penalty });
      }),
      100,
    );
  });

  it('weighs the same by alignment and by search beyond the reach of brute force', () => {
    holds(
      fc.property(inputs({ min: 8, max: 12 }), (input) => {
        const aligned = matchGraphs(input.a, input.b, input.eligible);
        const searched = searchAlone(input, 100);
        expectValid(input, aligned.pairs);
        expectValid(input, searched.pairs);
        if (aligned.optimal) expect(searched.weight).toBeLessThanOrEqual(aligned.weight + 1e-9);
        if (aligned.optimal && searched.optimal) expect(searched.weight).toBeCloseTo(aligned.weight, 9);
      }),
      60,
    );
  });

  it('is valid wherever the search is stopped, and no lighter when stopped later', () => {
    holds(
      fc.property(inputs({ min: 5, max: 16 }), (input) => {
        const answers = [0, 1, 3, 10].map((limit) => searchAlone(input, limit));
        for (const answer of answers) expectValid(input, answer.pairs);
        const weights = answers.map((answer) => answer.weight);
        expect(weights).toEqual(weights.toSorted((one, other) => one - other));
      }),
      150,
    );
  });

  it('of two chains is their best alignment without crossings', () => {
    const chain = (size: number): Dag => ({
      size,
      edges: Array.from({ length: Math.max(0, size - 1) }, (_, from) => [from, from + 1] as const),
    });
    holds(
      fc.property(inputs({ min: 0, max: 25 }), ({ a, b, eligible }) => {
        const best = Array.from({ length: a.size + 1 }, () => new Array<number>(b.size + 1).fill(0));
        for (let i = 1; i <= a.size; i++) {
          for (let j = 1; j <= b.size; j++) {
            const pair = eligible.find((one) => one.a === i - 1 && one.b === j - 1);
            best[i]![j] = Math.max(best[i - 1]![j]!, best[i]![j - 1]!, best[i - 1]![j - 1]! + (pair?.weight ?? 0));
          }
        }
        const chains = { a: chain(a.size), b: chain(b.size), eligible };
        const answer = matchGraphs(chains.a, chains.b, eligible);
        expectValid(chains, answer.pairs);
        expect(answer.weight).toBeCloseTo(best[a.size]![b.size]!, 9);
      }),
      100,
    );
  });

  it('of a graph with itself, all pairs equal, is each vertex with itself', () => {
    holds(
      fc.property(dags({ min: 0, max: 30 }), (graph) => {
        const vertices = Array.from({ length: graph.size }, (_, vertex) => vertex);
        const eligible = vertices.flatMap((a) => vertices.map((b) => ({ a, b, weight: 1 })));
        const { pairs, optimal } = matchGraphs(graph, graph, eligible);
        expect(pairs).toEqual(vertices.map((vertex) => ({ a: vertex, b: vertex, weight: 1 })));
        expect(optimal).toBe(true);
      }),
      25,
    );
  });

  it('weighs the same however the vertices are numbered', () => {
    holds(
      fc.property(inputs({ min: 0, max: 9 }), fc.integer(), (input, seed) => {
        const { weight } = matchGraphs(input.a, input.b, input.eligible);
        const other = relabelled(input, seed);
        expect(matchGraphs(other.a, other.b, other.eligible).weight).toBeCloseTo(weight, 9);
      }),
      150,
    );
  });

  it('is the same every time, whatever the order of edges and pairs', () => {
    holds(
      fc.property(inputs({ min: 0, max: 10 }), fc.integer(), (input, seed) => {
        const stream = RandomStream.fromSeed(seed);
        const a = { size: input.a.size, edges: stream.shuffle(input.a.edges) };
        const b = { size: input.b.size, edges: stream.shuffle(input.b.edges) };
        const other = { a, b, eligible: stream.shuffle(input.eligible) };
        expect(matchGraphs(a, b, other.eligible)).toEqual(matchGraphs(input.a, input.b, input.eligible));
        expect(searchAlone(other, 10)).toEqual(searchAlone(input, 10));
      }),
      60,
    );
  });
});

describe('assignment', () => {
  it('without some pairs is the same from scratch and from the assignment with them', () => {
    holds(
      fc.property(inputs({ min: 0, max: 12 }), fc.array(fc.nat(143)), ({ a, b, eligible }, drops) => {
        const problem = matchingProblem(a, b, eligible);
        const layout = assignmentLayout(problem);
        const none = emptySet(eligible.length);
        const dropped = emptySet(eligible.length);
        for (const pair of drops) if (pair < eligible.length) add(dropped, pair);
        const first = assign(layout, none);
        const before = { ...first, filledBy: first.filledBy.slice(), prices: first.prices.slice() };
        const ranks = [assign(layout, dropped), assign(layout, dropped, first)].map((assignment) => {
          const choice = choiceOf(problem, chosenPairs(layout, assignment));
          expect(choice.chosen.filter((pair) => has(dropped, pair))).toEqual([]);
          expect(new Set(pairsOf(problem, choice.chosen).map((pair) => pair.a)).size).toBe(choice.chosen.length);
          expect(new Set(pairsOf(problem, choice.chosen).map((pair) => pair.b)).size).toBe(choice.chosen.length);
          return [choice.weight, choice.penalty];
        });
        expect(ranks[0]).toEqual(ranks[1]);
        expect(first).toMatchObject(before);
      }),
    );
  });

  it('of graphs without edges is the heaviest matching', () => {
    holds(
      fc.property(inputs({ min: 0, max: 6 }), ({ a, b, eligible }) => {
        const input = { a: { size: a.size, edges: [] }, b: { size: b.size, edges: [] }, eligible };
        const problem = matchingProblem(input.a, input.b, eligible);
        const layout = assignmentLayout(problem);
        const chosen = chosenPairs(layout, assign(layout, emptySet(eligible.length)));
        expect(weightOf(pairsOf(problem, chosen))).toBeCloseTo(bruteForce(input), 9);
      }),
      100,
    );
  });
});

describe('conflicts', () => {
  it('are found where contraction leaves a cycle, cut at a chosen pair, and cut in a way that misses no valid matching', () => {
    let cyclic = 0;
    let longest = 0;
    holds(
      fc.property(fc.oneof(inputs({ min: 5, max: 10 }), scattered), fc.integer(), ({ a, b, eligible }, seed) => {
        const problem = matchingProblem(a, b, eligible);
        const layout = assignmentLayout(problem);
        const { chosen } = choiceOf(problem, chosenPairs(layout, assign(layout, emptySet(eligible.length))));
        const kept = withoutConflicts(problem, chosen);
        expect(isAcyclic(a, b, pairsOf(problem, kept))).toBe(true);
        expect(kept.every((pair) => chosen.includes(pair))).toBe(true);

        const cuts = cutSets(problem, chosen);
        const isValid = isAcyclic(a, b, pairsOf(problem, chosen));
        expect(cuts === undefined).toBe(isValid);
        expect(kept.length === chosen.length).toBe(isValid);
        if (cuts === undefined) return;
        cyclic++;
        longest = Math.max(longest, cuts.length);
        for (const cut of cuts) expect(chosen.some((pair) => has(cut, pair))).toBe(true);
        const stream = RandomStream.fromSeed(seed);
        for (let trial = 0; trial < 20; trial++) {
          const matching: number[] = [];
          for (const pair of stream.shuffle([...problem.pairs.keys()])) {
            const { a: one, b: other } = problem.pairs[pair]!;
            const used = pairsOf(problem, matching);
            if (used.some((taken) => taken.a === one || taken.b === other)) continue;
            if (isAcyclic(a, b, [...used, problem.pairs[pair]!])) matching.push(pair);
          }
          expect(cuts.some((cut) => !matching.some((pair) => has(cut, pair)))).toBe(true);
        }
      }),
      300,
    );
    expect(cyclic).toBeGreaterThan(20);
    expect(longest).toBeGreaterThan(2);
  });
});
