// Validation by rungs: it ends early for what is beaten for certain, and for nothing else; what it says then is no lie.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isBeaten, validateByRungs, type Validated } from '../../../../population/evaluation/rungs.ts';
import { allocateSamples, type Samples } from '../../../../src/data/samples.ts';
import type { Program } from '../../../../src/engine/engine.ts';
import { referenceEngine } from '../../../../src/engine/reference/reference-engine.ts';
import { NetworkBuilder } from '../../../../src/network/network-builder.ts';
import { RandomStream } from '../../../../src/random/stream.ts';
import { evaluate } from '../../../../src/training/evaluate.ts';
import { bars, cnn } from '../../../helpers/bars.ts';

describe('who is beaten', () => {
  test('by more mistakes than an equal rival makes, or as many as a cheaper one makes', () => {
    expect(isBeaten(7, 359, { above: 7 / 359, at: null })).toBe(false);
    expect(isBeaten(8, 359, { above: 7 / 359, at: null })).toBe(true);
    expect(isBeaten(8, 359, { above: 7 / 359, at: 9 / 359 })).toBe(true);
    expect(isBeaten(7, 359, { above: 7 / 359, at: 7 / 359 })).toBe(true);
    expect(isBeaten(6, 359, { above: 7 / 359, at: 7 / 359 })).toBe(false);
  });

  test('law: counts are compared without the rounding of shares', () => {
    const counts = fc.record({ total: fc.integer({ min: 1, max: 100_000 }), mistakes: fc.nat(), rival: fc.nat() });
    fc.assert(
      fc.property(counts, ({ total, ...given }) => {
        const [mistakes, rival] = [given.mistakes % (total + 1), given.rival % (total + 1)];
        expect(isBeaten(mistakes, total, { above: rival / total, at: null })).toBe(mistakes > rival);
        expect(isBeaten(mistakes, total, { above: 1, at: rival / total })).toBe(mistakes >= rival);
      }),
    );
  });
});

describe('on all samples', () => {
  const samples = bars(301, 5);

  test.each([
    ['without an error to beat', null],
    ['where no mistakes suffice', { above: 1, at: null }],
  ])('%s', async (_, toBeat) => {
    const program = await referenceEngine.compile([cnn()]);
    const difficulty = Float32Array.from({ length: 301 }, (_, at) => (at * 0.61803) % 1);
    const { validation, confusion, mistakes } = await validateByRungs(program, samples, { toBeat, difficulty });
    const [whole] = await evaluate(referenceEngine, [cnn()], samples);
    expect(validation.samples).toBe(301);
    expect(validation.error).toBeCloseTo(whole!.error, 12);
    expect(validation.loss).toBeCloseTo(whole!.loss, 12);
    const perClass = [0, 1].map((label) => samples.labels.filter((own) => own === label).length);
    expect(confusion.map((row) => row.reduce((sum, count) => sum + count, 0))).toEqual(perClass);
    const right = confusion.reduce((sum, row, label) => sum + row[label]!, 0);
    expect(right).toBe(301 - mistakes.length);
    const [logits] = await program.forward({ size: 301, data: Float32Array.from(samples.inputs) });
    const wrong = [...samples.labels.keys()].filter(
      (at) => logits![2 * at]! >= logits![2 * at + 1]! !== (samples.labels[at] === 0),
    );
    expect(wrong.length).toBeGreaterThan(0);
    expect(mistakes).toEqual(wrong);
  });
});

describe('law: of any mistakes and any difficulty', () => {
  const given = fc.integer({ min: 1, max: 80 }).chain((total) =>
    fc.record({
      wrong: fc.array(fc.boolean(), { minLength: total, maxLength: total }),
      difficulty: fc.option(
        fc
          .array(fc.integer({ min: 0, max: 7 }), { minLength: total, maxLength: total })
          // Sevenths are not exact: their sums depend on the order.
          .map((counts) => Float32Array.from(counts, (count) => count / 7)),
      ),
      above: fc.integer({ min: 0, max: total }).map((count) => count / total),
      at: fc.option(fc.integer({ min: 0, max: total }).map((count) => count / total)),
    }),
  );

  test('it ends with the first eighth that has mistakes enough, hardest samples first, and never below its rival', async () => {
    const program = await identity();
    await fc.assert(
      fc.asyncProperty(given, async ({ wrong, difficulty, above, at }) => {
        const total = wrong.length;
        const toBeat = { above, at };
        const { validation, mistakes, confusion } = await judge(program, wrong, { toBeat, difficulty });
        const order = [...wrong.keys()].sort((a, b) => (difficulty ? difficulty[b]! - difficulty[a]! : 0) || a - b);
        const made = (seen: number): number[] => order.slice(0, seen).filter((position) => wrong[position]);
        const eighths = [1, 2, 3, 4, 5, 6, 7, 8].map((eighth) => Math.ceil((total * eighth) / 8));
        const enough = eighths.find((seen) => isBeaten(made(seen).length, total, toBeat)) ?? total;
        expect(validation.samples).toBe(enough);
        expect(mistakes).toEqual(made(enough).sort((a, b) => a - b));
        expect(confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(enough);
        const all = wrong.filter(Boolean).length;
        if (enough === total) expect(validation.error).toBe(all / total);
        // What ended early is dominated, by what it is said to be and by what it is.
        else expect(isBeaten(validation.error * total, total, toBeat) && isBeaten(all, total, toBeat)).toBe(true);
        expect(validation.error).toBeGreaterThanOrEqual(mistakes.length / total);
        expect(validation.error).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('where its mistakes are those of the difficulty, the estimate is its error over all samples', async () => {
    const program = await identity();
    await fc.assert(
      fc.asyncProperty(given, async ({ wrong }) => {
        const difficulty = Float32Array.from(wrong, Number);
        const { validation } = await judge(program, wrong, { toBeat: { above: 0, at: null }, difficulty });
        expect(validation.error).toBeCloseTo(wrong.filter(Boolean).length / wrong.length, 9);
      }),
    );
  });

  test.each([47, 55, 94, 107])(
    'of %d samples, the first eighth all wrong and none known to be hard, it is 1',
    async (total) => {
      const wrong = Array<boolean>(total).fill(true);
      const rungs = { toBeat: { above: 0, at: null }, difficulty: new Float32Array(total) };
      const { validation } = await judge(await identity(), wrong, rungs);
      expect(validation).toMatchObject({ error: 1, samples: Math.ceil(total / 8) });
    },
  );

  test('loss is estimated as the error is', async () => {
    const wrong = Array.from({ length: 80 }, (_, at) => at < 20);
    const difficulty = Float32Array.from(wrong, (isWrong) => (isWrong ? 0.9 : 0.1));
    const program = await identity();
    const { validation } = await judge(program, wrong, { toBeat: { above: 0, at: null }, difficulty });
    const share = 9 / (18 + 6);
    const loss = Math.log(1 + Math.E + Math.exp(-1));
    expect(validation.samples).toBe(10);
    expect(validation.error).toBeCloseTo(10 / 80 / share, 6);
    expect(validation.loss).toBeCloseTo((10 * loss) / 80 / share, 6);
  });

  /** Samples of two classes, of which those are wrong that are of class 1. */
  function judge(
    program: Program,
    wrong: readonly boolean[],
    rungs: Parameters<typeof validateByRungs>[2],
  ): Promise<Validated> {
    const made: Samples = allocateSamples([3], 3, wrong.length);
    wrong.forEach((isWrong, at) => {
      made.inputs.set([2, 1, 0], 3 * at);
      made.labels[at] = isWrong ? 1 : 0;
    });
    return validateByRungs(program, made, rungs);
  }

  /** A network whose logits are its inputs. */
  function identity(): Promise<Program> {
    const builder = new NetworkBuilder([3], RandomStream.fromSeed('identity'));
    builder.layer('flatten');
    return referenceEngine.compile([builder.build()]);
  }
});
