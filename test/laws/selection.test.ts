import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Archive } from '../../src/pareto/archive.ts';
import { hypervolume } from '../../src/pareto/hypervolume.ts';
import { crowdingDistance } from '../../src/pareto/crowding-distance.ts';
import {
  compareVectors,
  dominates,
  vectorKey,
  weaklyDominates,
  type ObjectiveVector,
} from '../../src/pareto/dominance.ts';
import { nonDominatedSort } from '../../src/pareto/non-dominated-sort.ts';
import { binaryTournament, rankAndCrowd, survive } from '../../src/pareto/nsga2.ts';
import { RandomStream } from '../../src/random/stream.ts';

/** Few values, so that ties, copies and dominance are common, and with the odd one that selection must live with. */
const coarse = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 5 }) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, -0) },
  { weight: 2, arbitrary: fc.double() },
);

/** Unbiased: fast-check's taste for the smallest values makes one vector that dominates all the rest. */
function vectorsOf(value: fc.Arbitrary<number>, dimensions: number, maxLength: number) {
  const vector = fc.array(value, { minLength: dimensions, maxLength: dimensions });
  return fc.noBias(fc.array(vector, { maxLength, size: 'max' }));
}

const population = fc.integer({ min: 1, max: 4 }).chain((dimensions) => vectorsOf(coarse, dimensions, 14));

/** A population and a permutation of its indices. */
function shuffled<T>(items: fc.Arbitrary<T[]>) {
  return fc.tuple(items, fc.integer()).map(([list, seed]) => {
    const order = RandomStream.fromSeed(seed).shuffle([...list.keys()]);
    return { list, order, permuted: order.map((index) => list[index]!) };
  });
}

function holds<Inputs extends [unknown, ...unknown[]]>(property: fc.IProperty<Inputs>, runs = 200): void {
  fc.assert(property, { numRuns: runs });
}

describe('dominance', () => {
  it('is a strict partial order, within the order of listings', () => {
    const three = fc.integer({ min: 1, max: 3 }).chain((length) => {
      const vector = fc.array(coarse, { minLength: length, maxLength: length });
      return fc.tuple(vector, vector, vector);
    });
    holds(
      fc.property(three, ([a, b, c]) => {
        expect(dominates(a, a)).toBe(false);
        if (dominates(a, b)) {
          expect(dominates(b, a)).toBe(false);
          expect(compareVectors(a, b)).toBe(-1);
          if (dominates(b, c)) expect(dominates(a, c)).toBe(true);
        }
        expect(weaklyDominates(a, b)).toBe(dominates(a, b) || compareVectors(a, b) === 0);
        expect(vectorKey(a) === vectorKey(b)).toBe(compareVectors(a, b) === 0);
        expect(compareVectors(a, b) + compareVectors(b, a)).toBe(0);
      }),
    );
  });
});

describe('nonDominatedSort', () => {
  it('partitions the indices into the fronts of the definition', () => {
    holds(
      fc.property(population, (vectors) => {
        const fronts = nonDominatedSort(vectors);
        let left = [...vectors.keys()];
        for (const front of fronts) {
          const best = left.filter((one) => !left.some((other) => dominates(vectors[other]!, vectors[one]!)));
          expect(front).toEqual(best);
          left = left.filter((index) => !best.includes(index));
        }
        expect(left).toEqual([]);
      }),
    );
  });
});

describe('crowdingDistance', () => {
  it('is never NaN and does not depend on the order of the vectors', () => {
    holds(
      fc.property(shuffled(population), ({ list, order, permuted }) => {
        const distances = crowdingDistance(list);
        for (const distance of distances) expect(distance).toBeGreaterThanOrEqual(0);
        expect(crowdingDistance(permuted)).toEqual(order.map((index) => distances[index]));
      }),
    );
  });

  it('prizes an end of every objective that varies', () => {
    holds(
      fc.property(vectorsOf(fc.integer({ min: -3, max: 3 }), 3, 10), (vectors) => {
        const distances = crowdingDistance(vectors);
        for (const axis of [0, 1, 2]) {
          const lowest = Math.min(...vectors.map((vector) => vector[axis]!));
          if (vectors.every((vector) => vector[axis] === lowest)) continue;
          expect(vectors.some((vector, index) => vector[axis] === lowest && distances[index] === Infinity)).toBe(true);
        }
      }),
    );
  });
});

describe('survive', () => {
  it('keeps the best fronts whole, and of the one it cuts the distinct, then the lonelier, then the earlier', () => {
    holds(
      fc.property(population, fc.nat(16), (vectors, count) => {
        const kept = survive(vectors, count);
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
        expect(kept).toHaveLength(Math.min(count, vectors.length));
        const standings = rankAndCrowd(vectors);
        for (const index of vectors.keys()) {
          if (kept.includes(index)) continue;
          for (const winner of kept) {
            const [better, worse] = [standings[winner]!, standings[index]!];
            const keys: [number, number][] = [
              [better.rank, worse.rank],
              [Number(better.copy), Number(worse.copy)],
              [-better.crowding, -worse.crowding],
              [winner, index],
            ];
            const [mine, theirs] = keys.find(([left, right]) => left !== right)!;
            expect(mine).toBeLessThan(theirs);
          }
        }
      }),
    );
  });

  it('keeps the same vectors in whatever order they come, where none are tied', () => {
    const distinct = fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { maxLength: 12 });
    // No copies on this curve, and just two ends, which the count leaves room for: only inner gaps can tie.
    const curve = distinct.map((numbers) => numbers.map((x) => [x, 1 / x]));
    holds(
      fc.property(shuffled(curve), fc.integer({ min: 2, max: 12 }), ({ list, permuted }, count) => {
        const crowding = crowdingDistance(list).filter(Number.isFinite);
        fc.pre(new Set(crowding).size === crowding.length);
        const chosen = (vectors: ObjectiveVector[]) =>
          survive(vectors, count)
            .map((index) => vectors[index]!)
            .sort(compareVectors);
        expect(chosen(permuted)).toEqual(chosen(list));
      }),
    );
  });
});

describe('binaryTournament', () => {
  it('follows from the seed, and never chooses an individual that all others beat', () => {
    holds(
      fc.property(population, fc.integer(), (vectors, seed) => {
        fc.pre(vectors.length > 1);
        const ranking = rankAndCrowd(vectors);
        const choose = () => binaryTournament(ranking, RandomStream.fromSeed(seed));
        expect(choose()).toBe(choose());
        const beatsAll = (index: number) =>
          vectors.every((vector, other) => other === index || dominates(vector, vectors[index]!));
        expect(beatsAll(choose())).toBe(false);
      }),
    );
  });
});

describe('Archive', () => {
  it('is mutually non-dominated, sorted, and weakly dominates all it was ever offered', () => {
    holds(
      fc.property(population, (vectors) => {
        const archive = new Archive<number>();
        for (const [index, vector] of vectors.entries()) {
          const before = archive.vectors();
          expect(archive.add(index, vector)).toBe(!before.some((held) => weaklyDominates(held, vector)));
          for (const offered of vectors.slice(0, index + 1)) {
            expect(archive.vectors().some((held) => weaklyDominates(held, offered))).toBe(true);
          }
        }
        const held = archive.vectors();
        for (const a of held) for (const b of held) expect(dominates(a, b)).toBe(false);
        expect(held).toEqual(held.toSorted(compareVectors));
        expect(archive.members().map((index) => vectorKey(vectors[index]!))).toEqual(held.map(vectorKey));
      }),
    );
  });

  it('does not depend on the order of arrival', () => {
    const distinct = population.map((vectors) => [...new Map(vectors.map((v) => [vectorKey(v), v])).values()]);
    const gather = (vectors: ObjectiveVector[]) => {
      const archive = new Archive<ObjectiveVector>();
      for (const vector of vectors) archive.add(vector, vector);
      return archive.members();
    };
    holds(
      fc.property(shuffled(distinct), ({ list, permuted }) => {
        expect(gather(permuted)).toEqual(gather(list));
      }),
    );
  });
});

describe.each([1, 2, 3, 4, 5])('hypervolume in %i-D', (dimensions) => {
  // Small integers keep all arithmetic exact, so that the laws may ask for equality.
  const coordinate = fc.integer({ min: -2, max: 6 });
  const reference = new Array<number>(dimensions).fill(6);
  const points = vectorsOf(coordinate, dimensions, 12);
  const point = fc.array(coordinate, { minLength: dimensions, maxLength: dimensions });

  it('equals inclusion and exclusion of boxes', () => {
    holds(
      fc.property(vectorsOf(coordinate, dimensions, 7), (vectors) => {
        expect(hypervolume(vectors, reference)).toBe(byInclusionExclusion(vectors, reference));
      }),
    );
  });

  it('stays near inclusion and exclusion where sums are rounded', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    const ones = reference.map(() => 1);
    holds(
      fc.property(vectorsOf(unit, dimensions, 5), (vectors) => {
        expect(hypervolume(vectors, ones)).toBeCloseTo(byInclusionExclusion(vectors, ones), 12);
      }),
    );
  });

  it('never shrinks when a point is added, and stays where the point is dominated', () => {
    holds(
      fc.property(points, point, (vectors, added) => {
        const before = hypervolume(vectors, reference);
        const after = hypervolume([...vectors, added], reference);
        expect(after).toBeGreaterThanOrEqual(before);
        const counts = added.every((value, axis) => value < reference[axis]!);
        const covered = vectors.some((vector) => weaklyDominates(vector, added));
        expect(after > before).toBe(counts && !covered);
      }),
    );
  });

  it('does not depend on the order of points or axes', () => {
    holds(
      fc.property(shuffled(points), ({ list, permuted }) => {
        expect(hypervolume(permuted, reference)).toBe(hypervolume(list, reference));
        const turned = list.map((vector) => vector.toReversed());
        expect(hypervolume(turned, reference)).toBe(hypervolume(list, reference));
      }),
    );
  });

  it('scales with an axis and shifts with the origin', () => {
    holds(
      fc.property(points, fc.nat(dimensions - 1), fc.integer({ min: 1, max: 8 }), (vectors, axis, factor) => {
        const stretch = (vector: ObjectiveVector) => vector.map((value, at) => (at === axis ? value * factor : value));
        const shift = (vector: ObjectiveVector) => vector.map((value, at) => (at === axis ? value + factor : value));
        const original = hypervolume(vectors, reference);
        expect(hypervolume(vectors.map(stretch), stretch(reference))).toBe(original * factor);
        expect(hypervolume(vectors.map(shift), shift(reference))).toBe(original);
      }),
    );
  });

  it('is the same one dimension up, in a layer one thick: sweep, slices and WFG agree', () => {
    holds(
      fc.property(points, fc.nat(dimensions), (vectors, at) => {
        const lifted = vectors.map((vector) => vector.toSpliced(at, 0, 0));
        expect(hypervolume(lifted, reference.toSpliced(at, 0, 1))).toBe(hypervolume(vectors, reference));
      }),
    );
  });
});

describe('constrained domination', () => {
  const constrained = population.chain((vectors) => {
    const violations = fc.array(fc.constantFrom(0, 0, 0.5, 2, Infinity), {
      minLength: vectors.length,
      maxLength: vectors.length,
    });
    return fc.tuple(fc.constant(vectors), violations);
  });

  it('puts what breaks nothing first, then what breaks less, then what dominates', () => {
    holds(
      fc.property(constrained, ([vectors, violations]) => {
        const ranks = rankAndCrowd(vectors, violations).map(({ rank }) => rank);
        for (const [a, one] of vectors.entries()) {
          for (const [b, other] of vectors.entries()) {
            if (violations[a]! < violations[b]!) expect(ranks[a]).toBeLessThan(ranks[b]!);
            if (violations[a] === violations[b] && dominates(one, other)) expect(ranks[a]).toBeLessThan(ranks[b]!);
          }
        }
      }),
    );
  });

  it('changes nothing where nothing is broken', () => {
    holds(
      fc.property(population, fc.nat(14), (vectors, count) => {
        const none = vectors.map(() => 0);
        expect(rankAndCrowd(vectors, none)).toEqual(rankAndCrowd(vectors));
        expect(survive(vectors, count, none)).toEqual(survive(vectors, count));
      }),
    );
  });

  it('keeps everything feasible before anything that is not', () => {
    holds(
      fc.property(constrained, fc.nat(14), ([vectors, violations], count) => {
        const kept = new Set(survive(vectors, count, violations));
        const worstKept = Math.max(...[...kept].map((index) => violations[index]!), 0);
        for (const [index, violation] of violations.entries()) {
          if (!kept.has(index) && kept.size > 0) expect(violation).toBeGreaterThanOrEqual(worstKept);
        }
      }),
    );
  });

  it('refuses violations that are none', () => {
    expect(() => rankAndCrowd([[1]], [])).toThrow('a violation of 0 or more for each vector');
    expect(() => rankAndCrowd([[1]], [-1])).toThrow('a violation of 0 or more for each vector');
    expect(() => survive([[1]], 1, [NaN])).toThrow('a violation of 0 or more for each vector');
  });
});

/** The textbook sum over all non-empty subsets: their common box, added for odd sizes, subtracted for even ones. */
function byInclusionExclusion(vectors: readonly ObjectiveVector[], reference: ObjectiveVector): number {
  let total = 0;
  for (let subset = 1; subset < 2 ** vectors.length; subset++) {
    const chosen = vectors.filter((_, index) => (subset >> index) & 1);
    const sides = reference.map((end, axis) => Math.max(0, end - Math.max(...chosen.map((vector) => vector[axis]!))));
    total += sides.reduce((product, side) => product * side, chosen.length % 2 === 1 ? 1 : -1);
  }
  return total;
}
