import { describe, expect, it } from 'vitest';
import { crowdingDistance } from '../../../src/pareto/crowding-distance.ts';
import { nonDominatedSort } from '../../../src/pareto/non-dominated-sort.ts';
import { binaryTournament, rankAndCrowd, survive } from '../../../src/pareto/nsga2.ts';
import { RandomStream } from '../../../src/random/stream.ts';

describe('nonDominatedSort', () => {
  it('peels off front after front', () => {
    const vectors = [
      [5, 5],
      [1, 4],
      [4, 1],
      [2, 5],
      [4, 4],
      [2, 2],
      [1, 4],
    ];
    // (2, 5) falls to (1, 4), (4, 4) to (2, 2), and (5, 5) to (2, 5).
    expect(nonDominatedSort(vectors)).toEqual([[1, 2, 5, 6], [3, 4], [0]]);
  });

  it('handles none, one, a chain and failures', () => {
    expect(nonDominatedSort([])).toEqual([]);
    expect(nonDominatedSort([[1, 1]])).toEqual([[0]]);
    expect(nonDominatedSort([[3], [1], [2]])).toEqual([[1], [2], [0]]);
    expect(
      nonDominatedSort([
        [NaN, NaN],
        [1, 1],
        [Infinity, Infinity],
      ]),
    ).toEqual([[1], [0, 2]]);
  });
});

describe('crowdingDistance', () => {
  it('adds up the gaps between neighbours as shares of the range', () => {
    const front = [
      [0, 10],
      [6, 2],
      [1, 6],
      [10, 0],
    ];
    // (6, 2): (10 - 1) / 10 + (6 - 0) / 10. (1, 6): (6 - 0) / 10 + (10 - 2) / 10.
    const distances = crowdingDistance(front);
    expect(distances[0]).toBe(Infinity);
    expect(distances[1]).toBeCloseTo(1.5, 12);
    expect(distances[2]).toBeCloseTo(1.4, 12);
    expect(distances[3]).toBe(Infinity);
  });

  it('counts equal vectors once', () => {
    const alone = crowdingDistance([
      [0, 4],
      [1, 1],
      [4, 0],
    ]);
    const withCopies = crowdingDistance([
      [0, 4],
      [1, 1],
      [1, 1],
      [4, 0],
      [0, 4],
    ]);
    expect(withCopies).toEqual([alone[0], alone[1], alone[1], alone[2], alone[0]]);
  });

  it('calls one or two distinct vectors ends', () => {
    expect(crowdingDistance([])).toEqual([]);
    expect(crowdingDistance([[3, 3]])).toEqual([Infinity]);
    expect(
      crowdingDistance([
        [1, 2],
        [2, 1],
        [1, 2],
      ]),
    ).toEqual([Infinity, Infinity, Infinity]);
  });

  it('ignores a constant objective', () => {
    const front = [
      [0, 7, 4],
      [1, 7, 1],
      [4, 7, 0],
    ];
    expect(crowdingDistance(front)).toEqual(crowdingDistance(front.map((vector) => vector.toSpliced(1, 1))));
  });

  it('gives an infinite value no place on its axis', () => {
    const front = [
      [Infinity, 0],
      [1, 6],
      [2, 4],
      [4, 3],
    ];
    // On the first axis (1, 6) and (4, 3) are the ends; on the second (Infinity, 0) and (1, 6) are.
    const distances = crowdingDistance(front);
    expect([distances[0], distances[1], distances[3]]).toEqual([Infinity, Infinity, Infinity]);
    expect(distances[2]).toBeCloseTo((4 - 1) / 3 + (6 - 3) / 6, 12);
    expect(
      crowdingDistance([
        [NaN, 1, 1],
        [NaN, 0, 2],
        [NaN, 2, 0],
      ]),
    ).toEqual([2, Infinity, Infinity]);
  });

  it('survives a range beyond the largest number', () => {
    const huge = Number.MAX_VALUE;
    const distances = crowdingDistance([
      [-huge, huge],
      [0, 0],
      [huge, -huge],
    ]);
    expect(distances).toEqual([Infinity, 2, Infinity]);
  });

  it('rejects vectors of different lengths', () => {
    expect(() => crowdingDistance([[1, 2], [1]])).toThrow('Expected an objective vector of length 2, got 1');
  });
});

describe('rankAndCrowd', () => {
  it('gives front, distance and whether an equal comes earlier', () => {
    const standings = rankAndCrowd([
      [3, 3],
      [1, 2],
      [2, 1],
      [1, 2],
    ]);
    expect(standings).toEqual([
      { rank: 1, crowding: Infinity, copy: false },
      { rank: 0, crowding: Infinity, copy: false },
      { rank: 0, crowding: Infinity, copy: false },
      { rank: 0, crowding: Infinity, copy: true },
    ]);
  });
});

describe('survive', () => {
  // One front; the lonelier of the inner two is index 2, as computed above.
  const front = [
    [0, 10],
    [1, 6],
    [6, 2],
    [10, 0],
  ];

  it('keeps whole fronts first, then the lonelier', () => {
    const vectors = [[20, 20], ...front];
    expect(survive(vectors, 3)).toEqual([1, 3, 4]);
    expect(survive(vectors, 4)).toEqual([1, 2, 3, 4]);
    expect(survive(vectors, 9)).toEqual([0, 1, 2, 3, 4]);
    expect(survive(vectors, 0)).toEqual([]);
  });

  it('keeps copies last within their front, though before a worse front', () => {
    const vectors = [...front.slice(0, 1), ...front, [20, 20]];
    expect(survive(vectors, 4)).toEqual([0, 2, 3, 4]);
    expect(survive(vectors, 5)).toEqual([0, 1, 2, 3, 4]);
  });

  it('settles a full tie by index', () => {
    expect(
      survive(
        [
          [1, 2],
          [2, 1],
        ],
        1,
      ),
    ).toEqual([0]);
  });

  it('rejects a count that is none', () => {
    expect(() => survive(front, -1)).toThrow('Expected a count of 0 or more, got -1 (at count)');
    expect(() => survive(front, 1.5)).toThrow('got 1.5');
  });
});

describe('binaryTournament', () => {
  const winShares = (vectors: number[][]): number[] => {
    const ranking = rankAndCrowd(vectors);
    const rng = RandomStream.fromSeed(42);
    const counts = vectors.map(() => 0);
    for (let round = 0; round < 3000; round++) counts[binaryTournament(ranking, rng)]!++;
    return counts.map((count) => count / 3000);
  };

  it('never chooses the worst of all, and the best in two thirds of the draws of two from three', () => {
    const [worst, best, middle] = winShares([[3], [1], [2]]);
    expect(worst).toBe(0);
    expect(best).toBeCloseTo(2 / 3, 1);
    expect(middle).toBeCloseTo(1 / 3, 1);
  });

  it('is fair among equals', () => {
    const shares = winShares([
      [1, 2],
      [2, 1],
    ]);
    for (const share of shares) expect(share).toBeCloseTo(1 / 2, 1);
  });

  it('prefers the lonelier, and an original to its copy', () => {
    const ranking = [
      { rank: 0, crowding: 1, copy: false },
      { rank: 0, crowding: 2, copy: true },
      { rank: 0, crowding: 0.5, copy: false },
    ];
    const rng = RandomStream.fromSeed('crowding');
    const chosen = new Set(Array.from({ length: 200 }, () => binaryTournament(ranking, rng)));
    expect(chosen).toEqual(new Set([0, 2]));
    expect(binaryTournament(ranking.slice(1, 2), rng)).toBe(0);
  });

  it('rejects an empty ranking', () => {
    expect(() => binaryTournament([], RandomStream.fromSeed(1))).toThrow('Expected a ranking of at least one');
  });
});
