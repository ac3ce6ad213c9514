// Validation by rungs: no candidate that is as good as its rival is stopped often, and none without a rival.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hypergeometricTail } from '../../../../population/evaluation/hypergeometric-tail.ts';
import { isBeaten, validateByRungs } from '../../../../population/evaluation/rungs.ts';
import { allocateSamples, type Samples } from '../../../../src/data/samples.ts';
import type { Program } from '../../../../src/engine/engine.ts';
import { referenceEngine } from '../../../../src/engine/reference/reference-engine.ts';
import { NetworkBuilder } from '../../../../src/network/network-builder.ts';
import { RandomStream } from '../../../../src/random/stream.ts';
import { evaluate } from '../../../../src/training/evaluate.ts';
import { bars, cnn } from '../../../helpers/bars.ts';

/** The chances of 0, 1, ... marked samples among so many drawn ones: Pascal's rule, one draw after the other. */
function chances(population: number, marked: number, drawn: number): number[] {
  let now = [1];
  for (let taken = 0; taken < drawn; taken++) {
    const next = new Array<number>(taken + 2).fill(0);
    now.forEach((chance, count) => {
      const hit = (marked - count) / (population - taken);
      next[count + 1]! += chance * hit;
      next[count]! += chance * (1 - hit);
    });
    now = next;
  }
  return now;
}

const counts = fc
  .integer({ min: 8, max: 120 })
  .chain((population) => fc.record({ population: fc.constant(population), marked: fc.nat(population) }));

test('the tail of the hypergeometric distribution is that of draws one by one', () => {
  fc.assert(
    fc.property(counts, fc.nat(130), fc.nat(130), ({ population, marked }, drawn, atLeast) => {
      const looked = Math.min(drawn, population);
      const tail = chances(population, marked, looked)
        .slice(atLeast)
        .reduce((sum, chance) => sum + chance, 0);
      expect(hypergeometricTail(atLeast, { population, marked, drawn: looked })).toBeCloseTo(tail, 9);
    }),
  );
});

test('a tail of twelve thousand samples neither overflows nor vanishes', () => {
  const draw = { population: 12_000, marked: 360, drawn: 1500 };
  expect(hypergeometricTail(0, draw)).toBe(1);
  expect(hypergeometricTail(45, draw)).toBeGreaterThan(0.4);
  expect(hypergeometricTail(45, draw)).toBeLessThan(0.6);
  expect(hypergeometricTail(361, draw)).toBe(0);
});

describe('stopping', () => {
  test('a candidate as good as its rival is stopped in at most 5 % of all orders of the samples', () => {
    fc.assert(
      fc.property(counts, fc.nat(20), ({ population: total, marked: wrong }, worse) => {
        const stopAbove = Math.min(total, wrong + worse) / total;
        const [eighth, half] = [Math.ceil(total / 8), Math.ceil(total / 2)] as const;
        const beaten = (seen: number, samples: number): boolean => isBeaten({ wrong: seen, samples, total }, stopAbove);
        let stopped = 0;
        chances(total, wrong, eighth).forEach((chance, first) => {
          if (chance === 0) return;
          if (beaten(first, eighth)) stopped += chance;
          else {
            const rest = chances(total - eighth, wrong - first, half - eighth);
            rest.forEach((more, next) => (stopped += beaten(first + next, half) ? chance * more : 0));
          }
        });
        expect(stopped).toBeLessThanOrEqual(0.05);
      }),
    );
  });

  test('what is stopped is above its rival by the estimate, and what no longer can be as good always is', () => {
    fc.assert(
      fc.property(counts, fc.nat(120), fc.float({ min: 0, max: 1, noNaN: true }), (seen, part, stopAbove) => {
        const samples = 1 + Math.min(part, seen.population - 1);
        const look = { wrong: Math.min(seen.marked, samples), samples, total: seen.population };
        if (isBeaten(look, stopAbove)) expect(look.wrong / samples).toBeGreaterThan(stopAbove);
        const certain = look.wrong > stopAbove * seen.population && look.wrong / samples > stopAbove;
        if (certain) expect(isBeaten(look, stopAbove)).toBe(true);
      }),
    );
  });

  test('the more samples were seen, the smaller the difference that counts', () => {
    expect(isBeaten({ wrong: 70, samples: 1500, total: 12_000 }, 0.03)).toBe(true);
    expect(isBeaten({ wrong: 2, samples: 45, total: 360 }, 0.03)).toBe(false);
  });
});

describe('a validation', () => {
  const samples = bars(301, 5);
  const compiled = (): Promise<Program> => referenceEngine.compile([cnn()]);

  test.each([null, 1])('looks at all samples where the rival is %j', async (stopAbove) => {
    const program = await compiled();
    const { validation, confusion } = await validateByRungs(program, samples, stopAbove);
    const [whole] = await evaluate(referenceEngine, [cnn()], samples);
    expect(validation.samples).toBe(301);
    expect(validation.error).toBeCloseTo(whole!.error, 12);
    expect(validation.loss).toBeCloseTo(whole!.loss, 12);
    const perClass = [0, 1].map((label) => samples.labels.filter((own) => own === label).length);
    expect(confusion.map((row) => row.reduce((sum, count) => sum + count, 0))).toEqual(perClass);
    const right = confusion.reduce((sum, row, label) => sum + row[label]!, 0);
    expect(1 - right / 301).toBeCloseTo(validation.error, 12);
  });

  test.each([
    ['an eighth', [0.9, 0.9, 0.9], 0.2, 38],
    ['a half', [0.2, 0.9, 0.9], 0.2, 151],
    ['all', [0.1, 0.1, 0.9], 0.2, 301],
  ])('ends after %s of the samples', async (_, shares, stopAbove, looked) => {
    const judged = samplesWith(shares);
    const program = await identity();
    const { validation, confusion } = await validateByRungs(program, judged, stopAbove);
    const wrong = Array.from(judged.labels.subarray(0, looked)).filter((label) => label === 1).length;
    expect(validation).toMatchObject({ samples: looked, error: wrong / looked });
    // All are taken for class 0.
    expect(confusion).toEqual([
      [looked - wrong, 0, 0],
      [wrong, 0, 0],
      [0, 0, 0],
    ]);
    expect(validation.error > stopAbove).toBe(true);
  });

  /** 301 samples of three values, the first the highest; of each stretch such a share is of class 1. */
  function samplesWith(shares: readonly number[]): Samples {
    const made = allocateSamples([3], 3, 301);
    const ends = [38, 151, 301];
    for (let at = 0; at < 301; at++) {
      made.inputs.set([2, 1, 0], 3 * at);
      const stretch = ends.findIndex((end) => at < end);
      made.labels[at] = (at * 0.61803) % 1 < shares[stretch]! ? 1 : 0;
    }
    return made;
  }

  /** A network whose logits are its inputs. */
  function identity(): Promise<Program> {
    const builder = new NetworkBuilder([3], RandomStream.fromSeed('identity'));
    builder.layer('flatten');
    return referenceEngine.compile([builder.build()]);
  }
});
