// Which class outputs stand for, and the counts of what was taken for what.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfusionCounter, predictedClasses } from '../../../src/training/confusion.ts';

describe('the predicted class', () => {
  test.each([
    ['the highest', [1, 3, 2], 1],
    ['the first of equal ones', [1, 2, 2], 1],
    ['the first where all are equal', [0, -0, 0], 0],
    ['infinity', [1, 2, Infinity], 2],
    ['the first where nothing is above minus infinity', [-Infinity, -Infinity, -Infinity], 0],
    ['none where the first is not a number', [NaN, 1, 2], -1],
    ['none where the last is not a number', [1, 2, NaN], -1],
    ['none where no output is a number', [NaN, NaN, NaN], -1],
  ])('is %s', (_, outputs, predicted) => {
    expect(predictedClasses(Float32Array.from(outputs), 3)).toEqual([predicted]);
  });

  test('law: each row has its own, no lower than any of the row and above all before it', () => {
    // Few different values: that outputs are equal is to happen.
    const value = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -2, max: 2 }) }, fc.constant(NaN));
    const rows = fc
      .integer({ min: 1, max: 4 })
      .chain((classes) => fc.array(fc.array(value, { minLength: classes, maxLength: classes }), { minLength: 1 }));
    fc.assert(
      fc.property(rows, (outputs) => {
        const predicted = predictedClasses(Float64Array.from(outputs.flat()), outputs[0]!.length);
        expect(predicted).toHaveLength(outputs.length);
        outputs.forEach((row, at) => {
          const own = predicted[at]!;
          expect(own === -1).toBe(row.includes(NaN));
          if (own >= 0)
            expect(row.every((other, place) => (place < own ? other < row[own]! : other <= row[own]!))).toBe(true);
        });
      }),
    );
  });
});

test('a sample is counted by its class and what it was taken for, one that was taken for nothing nowhere', () => {
  const counter = new ConfusionCounter(3);
  for (const [label, predicted] of [
    [0, 0],
    [0, 2],
    [0, 2],
    [2, 1],
    [1, -1],
  ] as const)
    counter.add(label, predicted);
  expect(counter.counts).toEqual([
    [1, 0, 2],
    [0, 0, 0],
    [0, 1, 0],
  ]);
});
