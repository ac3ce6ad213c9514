import { describe, expect, it } from 'vitest';
import { NeurostitchError } from '../../../src/errors.ts';
import { matchGraphs, type Dag, type EligiblePair } from '../../../stitching/matching/match-graphs.ts';
import { PriorityQueue } from '../../../stitching/matching/priority-queue.ts';
import { reachability } from '../../../stitching/matching/reachability.ts';

function chain(size: number): Dag {
  return { size, edges: Array.from({ length: size - 1 }, (_, from) => [from, from + 1] as const) };
}

/** Pairs as [a, b] with weight 1 or [a, b, weight]. */
function eligible(...pairs: [number, number, number?][]): EligiblePair[] {
  return pairs.map(([a, b, weight = 1]) => ({ a, b, weight }));
}

function everyPair(a: Dag, b: Dag): EligiblePair[] {
  return Array.from({ length: a.size * b.size }, (_, k) => ({ a: Math.floor(k / b.size), b: k % b.size, weight: 1 }));
}

const diamond: Dag = {
  size: 4,
  edges: [
    [0, 1],
    [0, 2],
    [1, 3],
    [2, 3],
  ],
};

/** Blocks side by side, each two chains of two vertices whose only eligible pairs cross: one of two must go. */
function crossings(blocks: number): { graph: Dag; pairs: EligiblePair[] } {
  const starts = Array.from({ length: blocks }, (_, block) => 2 * block);
  return {
    graph: { size: 2 * blocks, edges: starts.map((start) => [start, start + 1] as const) },
    pairs: starts.flatMap((start) => eligible([start, start + 1], [start + 1, start])),
  };
}

describe('matching graphs', () => {
  it('matches a chain with itself, vertex by vertex', () => {
    const { pairs, weight, optimal } = matchGraphs(chain(4), chain(4), everyPair(chain(4), chain(4)));
    expect(pairs).toEqual(eligible([0, 0], [1, 1], [2, 2], [3, 3]));
    expect({ weight, optimal }).toEqual({ weight: 4, optimal: true });
  });

  it('spreads a short chain over a long one', () => {
    const { pairs } = matchGraphs(chain(3), chain(9), everyPair(chain(3), chain(9)));
    expect(pairs).toEqual(eligible([0, 0], [1, 3], [2, 6]));
  });

  it('refuses a crossing and keeps its heavier pair', () => {
    expect(matchGraphs(chain(2), chain(2), eligible([0, 1, 2], [1, 0, 3])).pairs).toEqual(eligible([1, 0, 3]));
  });

  it('prefers one heavy pair to two light ones that it crosses', () => {
    const pairs = eligible([0, 0], [1, 1], [2, 0, 3]);
    expect(matchGraphs(chain(3), chain(2), pairs)).toEqual({
      pairs: eligible([2, 0, 3]),
      weight: 3,
      optimal: true,
    });
  });

  it('lets parallel branches change places', () => {
    const pairs = eligible([0, 0], [1, 2], [2, 1], [3, 3]);
    expect(matchGraphs(diamond, diamond, pairs).pairs).toEqual(pairs);
  });

  it('sees a cycle that goes through both graphs twice', () => {
    const a: Dag = {
      size: 4,
      edges: [
        [0, 1],
        [2, 3],
      ],
    };
    const b: Dag = {
      size: 4,
      edges: [
        [1, 2],
        [3, 0],
      ],
    };
    const { pairs, weight } = matchGraphs(a, b, eligible([0, 0, 3], [1, 1, 3], [2, 2, 2], [3, 3, 3]));
    expect(pairs).toEqual(eligible([0, 0, 3], [1, 1, 3], [3, 3, 3]));
    expect(weight).toBe(9);
  });

  it('takes an unmatched vertex on the way into account', () => {
    const pairs = eligible([0, 2], [2, 0]);
    expect(matchGraphs(chain(3), chain(3), pairs).weight).toBe(1);
  });

  it('uses a vertex once, on either side', () => {
    expect(matchGraphs(chain(1), chain(3), everyPair(chain(1), chain(3))).weight).toBe(1);
    expect(matchGraphs(chain(3), chain(1), everyPair(chain(3), chain(1))).weight).toBe(1);
  });

  it('breaks a tie by position, then by vertex number, whatever the order of the lists', () => {
    const pairs = eligible([1, 2], [1, 1], [1, 0]);
    expect(matchGraphs(chain(3), chain(3), pairs).pairs).toEqual(eligible([1, 1]));
    const shuffledDiamond = { size: 4, edges: diamond.edges.toReversed() };
    const shuffledPairs = everyPair(diamond, diamond).toReversed();
    expect(matchGraphs(shuffledDiamond, diamond, shuffledPairs).pairs).toEqual(
      eligible([0, 0], [1, 1], [2, 2], [3, 3]),
    );
  });

  it('counts a pair that is listed twice at its greater weight', () => {
    const { pairs, weight } = matchGraphs(chain(1), chain(1), eligible([0, 0, 2], [0, 0, 5], [0, 0, 1]));
    expect({ pairs, weight }).toEqual({ pairs: eligible([0, 0, 5]), weight: 5 });
  });

  it.each([1e-300, 5e-324, 1e300])('keeps weights around %d apart', (unit) => {
    const { pairs } = matchGraphs(chain(2), chain(2), eligible([0, 1, unit], [1, 0, 2 * unit]));
    expect(pairs).toEqual(eligible([1, 0, 2 * unit]));
  });

  it('answers for graphs without vertices or pairs', () => {
    const nothing = { pairs: [], weight: 0, optimal: true };
    expect(matchGraphs({ size: 0, edges: [] }, chain(2), [])).toEqual(nothing);
    expect(matchGraphs(chain(2), chain(2), [])).toEqual(nothing);
  });
});

describe('limits', () => {
  const { graph, pairs } = crossings(8);

  it('are not needed when the graphs are narrow', () => {
    const limits = { maxSubproblems: 0, timeLimitMs: 0 };
    expect(matchGraphs(chain(4), chain(4), everyPair(chain(4), chain(4)), limits).optimal).toBe(true);
  });

  it('let the search prove its answer when they are wide', () => {
    expect(matchGraphs(graph, graph, pairs)).toMatchObject({ weight: 8, optimal: true });
  });

  it.each([{ maxSubproblems: 10 }, { maxSubproblems: 0 }, { timeLimitMs: 0 }])(
    '%o stops with a valid answer',
    (limits) => {
      const { pairs: chosen, weight, optimal } = matchGraphs(graph, graph, pairs, limits);
      expect({ weight, optimal }).toEqual({ weight: 8, optimal: false });
      expect(new Set(chosen.map((pair) => Math.floor(pair.a / 2))).size).toBe(8);
    },
  );
});

describe('bad arguments', () => {
  const two = chain(2);
  const loop: Dag = {
    size: 3,
    edges: [
      [0, 1],
      [1, 2],
      [2, 1],
    ],
  };
  const cases: [string, () => unknown, string][] = [
    ['a cyclic graph', () => matchGraphs(loop, two, []), 'a.edges'],
    ['a vertex that follows itself', () => matchGraphs(two, { size: 1, edges: [[0, 0]] }, []), 'b.edges'],
    ['an edge out of range', () => matchGraphs(two, { size: 1, edges: [[0, 1]] }, []), 'b.edges'],
    ['a size that is no whole number', () => matchGraphs({ size: 1.5, edges: [] }, two, []), 'a'],
    ['a negative size', () => matchGraphs({ size: -1, edges: [] }, two, []), 'a'],
    ['a vertex of `a` out of range', () => matchGraphs(two, two, eligible([0, 0], [2, 0])), 'eligible[1].a'],
    ['a negative vertex', () => matchGraphs(two, two, eligible([0, -1])), 'eligible[0].b'],
    ['a fractional vertex', () => matchGraphs(two, two, eligible([0.5, 0])), 'eligible[0].a'],
    ['a weight of 0', () => matchGraphs(two, two, eligible([0, 0, 0])), 'eligible[0].weight'],
    ['a negative weight', () => matchGraphs(two, two, eligible([0, 0, -1])), 'eligible[0].weight'],
    ['a weight that is no number', () => matchGraphs(two, two, eligible([0, 0, NaN])), 'eligible[0].weight'],
    ['an infinite weight', () => matchGraphs(two, two, eligible([0, 0, Infinity])), 'eligible[0].weight'],
    ['a negative time', () => matchGraphs(two, two, [], { timeLimitMs: -1 }), 'timeLimitMs'],
    ['a count that is no number', () => matchGraphs(two, two, [], { maxSubproblems: NaN }), 'maxSubproblems'],
  ];

  it.each(cases)('%s is refused', (_, call, path) => {
    const refusal = (): NeurostitchError | undefined => {
      try {
        call();
      } catch (error) {
        if (error instanceof NeurostitchError) return error;
      }
      return undefined;
    };
    expect(refusal()).toMatchObject({ code: 'bad-argument', path });
  });

  it('says which vertex is on or behind the cycle', () => {
    expect(() => matchGraphs(loop, two, [])).toThrow(
      'Expected a graph without cycles, got a cycle at or before vertex 1',
    );
  });
});

describe('reachability', () => {
  it('gives depths, order, and the edges that nothing bypasses', () => {
    const graph = reachability(
      {
        size: 4,
        edges: [
          [3, 1],
          [1, 0],
          [3, 0],
          [3, 0],
        ],
      },
      'graph',
    );
    expect(graph.depths).toEqual([2, 1, 0, 0]);
    expect(graph.order).toEqual([2, 3, 1, 0]);
    expect(graph.covers).toEqual([
      [1, 0],
      [3, 1],
    ]);
  });
});

describe('priority queue', () => {
  it.each([2, 3, 4, 5, 6, 7, 50])('hands out %d entries in order', (count) => {
    for (const stride of [1, 14, 20, 37, 52]) {
      const queue = new PriorityQueue<number>((one, other) => one < other);
      const numbers = Array.from({ length: count }, (_, k) => (k * stride) % 53);
      for (const number of numbers) queue.push(number);
      const out = numbers.map(() => queue.pop());
      expect(out).toEqual(numbers.toSorted((one, other) => one - other));
      expect(queue.pop()).toBeUndefined();
    }
  });
});
