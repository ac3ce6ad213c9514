// Objectives and constraints of a run: values, distances, violations, the reference, and the error to beat.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../../population/config.ts';
import { distances, valueAt, violation } from '../../../../population/objectives/compare.ts';
import type { Measured, Objective } from '../../../../population/objectives/objective.ts';
import { RunObjectives } from '../../../../population/objectives/run-objectives.ts';
import { dominates } from '../../../../src/pareto/dominance.ts';
import { costOf } from '../../../../src/network/cost.ts';
import { cnn, mlp } from '../../../helpers/bars.ts';
import { worstRecall } from '../../../helpers/own-objectives.ts';

const measured: Measured = {
  network: mlp(),
  validation: { error: 0.25, loss: 0.7, samples: 40 },
  confusion: [
    [12, 8],
    [2, 18],
  ],
  latency: 1.5,
};

function objectivesOf(settings: object, own: readonly Objective[] = []): RunObjectives {
  return new RunObjectives(parseConfig(settings), own);
}

describe('values', () => {
  test('of all built-in objectives, and of one brought along', () => {
    const names = ['error', 'loss', 'macs', 'params', 'bytes', 'latency', 'worst-recall'];
    const run = objectivesOf({ objectives: names }, [worstRecall]);
    const { macs, params } = costOf(mlp());
    const values = run.measure(measured);
    expect(values).toEqual({
      ...{ error: 0.25, loss: 0.7, macs, params, bytes: 4 * params, latency: 1.5 },
      'worst-recall': 0.6,
    });
    expect(run.vector(values)).toEqual([0.25, 0.7, macs, params, 4 * params, 1.5, 0.4]);
    expect(run.cheap(mlp())).toEqual([macs, params, 4 * params]);
    expect(run.descriptions().filter(({ reproducible }) => !reproducible)).toMatchObject([{ name: 'latency' }]);
    expect(run.timed).toBe(true);
    expect(objectivesOf({}, [worstRecall]).timed).toBe(false);
  });

  test.each([
    ['NaN', () => NaN, 'Expected a number of at most 1, got NaN (at worst-recall)'],
    ['better than ideal', () => 1.01, 'Expected a number of at most 1, got 1.01 (at worst-recall)'],
    ['a text', () => '1' as unknown as number, 'Expected a number of at most 1, got "1" (at worst-recall)'],
    ['nothing', () => undefined as unknown as number, 'Expected a number of at most 1, got nothing (at worst-recall)'],
  ])('that are none are refused: %s', (_, measure, message) => {
    const run = objectivesOf({ objectives: ['worst-recall'] }, [{ ...worstRecall, measure }]);
    expect(() => run.measure(measured)).toThrow(message);
  });

  test('latency that was not measured is none', () => {
    expect(() => objectivesOf({ objectives: ['latency'] }).measure({ ...measured, latency: null })).toThrow('got NaN');
  });

  test('names that no objective has are refused, with those that there are', () => {
    expect(() => objectivesOf({ objectives: ['speed'] }, [worstRecall])).toThrow(
      'Expected an objective (worst-recall, error, loss, macs, params, bytes, latency), got "speed" (at objectives)',
    );
    expect(() => objectivesOf({ constraints: { speed: { max: 1 } } })).toThrow('got "speed" (at constraints)');
  });
});

test('the smaller the distance, the better the value, both ways', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      fc.constantFrom('minimise', 'maximise'),
      (value, goal) => {
        const direction = { name: 'x', goal, ideal: goal === 'minimise' ? 0 : 1e6 } as const;
        const [distance] = distances([direction], { x: value });
        const [worse] = distances([direction], { x: goal === 'minimise' ? value + 1 : value - 1 });
        expect(distance).toBeGreaterThanOrEqual(0);
        expect(worse).toBeGreaterThan(distance!);
        expect(valueAt(direction, distance!)).toBeCloseTo(value, 6);
      },
    ),
  );
});

describe('constraints', () => {
  const constraints = { params: { max: 100 }, error: { min: 0.1, max: 0.5 }, shift: { max: 0 } };
  test.each([
    [{ params: 100, error: 0.1, shift: 0 }, 0],
    [{ params: 150, error: 0.5, shift: -3 }, 0.5],
    [{ params: 100, error: 0.75, shift: 2 }, 2.5],
    [{ params: 1, error: 0.05, shift: 0 }, 0.5],
  ])('%j breaks them by %d', (values, wanted) => {
    expect(violation(constraints, values)).toBeCloseTo(wanted, 12);
  });

  test('bound what is not optimised, too', () => {
    const run = objectivesOf({ constraints: { bytes: { max: 1 } } });
    expect(run.optimised.map(({ name }) => name)).toEqual(['error', 'macs']);
    expect(run.violation(run.measure(measured))).toBe(4 * costOf(mlp()).params - 1);
  });
});

test('the reference is as declared, else twice the worst of the first, and never without a width', () => {
  const run = objectivesOf({ objectives: ['error', 'macs', 'worst-recall', 'loss'] }, [worstRecall]);
  const reference = run.reference([
    [0.1, 300, 0.4, 0],
    [0.9, 100, 0.1, 0],
  ]);
  expect(reference).toEqual([1, 600, 0.8, 1]);
  expect(run.values(reference)).toEqual({ error: 1, macs: 600, 'worst-recall': 1 - 0.8, loss: 1 });
});

describe('the error to beat', () => {
  const [small, large] = [mlp(), cnn()].sort((a, b) => costOf(a).macs - costOf(b).macs) as [
    ReturnType<typeof mlp>,
    ReturnType<typeof mlp>,
  ];
  const macs = costOf(large).macs;

  test('is the lowest of those that cost no more', () => {
    const front = [
      [0.3, 1],
      [0.2, macs],
      [0.1, macs + 1],
    ];
    expect(objectivesOf({}).errorToBeat(large, front)).toEqual({ above: 0.2, at: 0.3 });
    expect(objectivesOf({}).errorToBeat(large, [[0.1, macs + 1]])).toBeNull();
    const turned = objectivesOf({ objectives: ['macs', 'error'] });
    expect(turned.errorToBeat(large, [[macs, 0.2]])).toEqual({ above: 0.2, at: null });
  });

  test.each([
    ['error', { objectives: ['error', 'macs', 'loss'] }, [0.2, 1, 0]],
    ['no error', { objectives: ['macs', 'params'] }, [1, 1]],
    ['loss', { constraints: { loss: { max: 1 } } }, [0.2, 1]],
    ['error', { constraints: { error: { max: 0.5 } } }, [0.2, 1]],
    ['macs', { constraints: { macs: { max: macs - 1 } } }, [0.2, 1]],
  ])(
    'is none where more than the network decides, or the network breaks a constraint: %s, %j',
    (_, settings, rival) => {
      const run = objectivesOf(settings);
      expect(rival).toHaveLength(run.optimised.length);
      expect(run.errorToBeat(large, [rival])).toBeNull();
    },
  );

  test('is that of the same rival where the network keeps its constraints', () => {
    const run = objectivesOf({ constraints: { macs: { max: macs } } });
    for (const network of [small, large]) expect(run.errorToBeat(network, [[0.2, 1]])).toEqual({ above: 0.2, at: 0.2 });
  });

  test('law: dominated is who is above it, or at it where that is enough, and nobody else', () => {
    // Few different values: that errors and costs are equal is to happen.
    const errors = fc.integer({ min: 0, max: 5 }).map((mistakes) => mistakes / 5);
    const vector = fc.tuple(errors, fc.integer({ min: macs - 2, max: macs + 2 }));
    fc.assert(
      fc.property(fc.array(vector, { maxLength: 6 }), errors, (front, error) => {
        const bar = objectivesOf({}).errorToBeat(large, front);
        const isBeaten = bar !== null && (error > bar.above || (bar.at !== null && error >= bar.at));
        expect(front.some((rival) => dominates(rival, [error, macs]))).toBe(isBeaten);
      }),
    );
  });
});
