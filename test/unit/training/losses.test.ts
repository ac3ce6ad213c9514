import { describe, expect, test } from 'vitest';
import { RandomStream } from '../../../src/random/stream.ts';
import { binaryCrossEntropy } from '../../../src/training/losses/binary-cross-entropy.ts';
import { distillation, distillationTargets } from '../../../src/training/losses/distillation.ts';
import { meanSquaredError } from '../../../src/training/losses/mean-squared-error.ts';
import { softmaxCrossEntropy } from '../../../src/training/losses/softmax-cross-entropy.ts';

const outputs = Float64Array.of(1, -0.5, 2, 0, 3, -1);
const labels = Float32Array.of(0, 0, 1, 1, 0, 0);
const sizes = { batch: 2, outputs: 3 };
const teacher = Float32Array.of(0.5, 0.5, 1, -1, 2, 0);

// PyTorch 1.13, float64: x and t as above, y and te as below;
// F.cross_entropy(x, t), F.cross_entropy(x, t, label_smoothing=0.1), F.binary_cross_entropy_with_logits(x, y),
// F.mse_loss(x, y), 0.7 * 9 * F.kl_div(F.log_softmax(x/3, 1), F.log_softmax(te/3, 1), log_target=True,
// reduction='batchmean') + 0.3 * F.cross_entropy(x, t, label_smoothing=0.1); each with x.grad after backward().
const several = Float32Array.of(1, 0, 1, 0, 1, 0.25);
const cases = [
  {
    loss: softmaxCrossEntropy(),
    targets: labels,
    value: 1.7187114678050561,
    gradient: [
      0.12685809081751262, 0.02830586612023564, -0.1551639569377482, -0.47669368871101303, 0.4681197759382529,
      0.008573912772760194,
    ],
    correct: 1,
  },
  {
    loss: softmaxCrossEntropy({ smoothing: 0.1 }),
    targets: labels,
    value: 1.743711467805056,
    gradient: [
      0.11019142415084596, 0.011639199453568973, -0.12183062360441488, -0.4433603553776797, 0.4514531092715862,
      -0.008092753893906473,
    ],
    correct: 1,
  },
  {
    loss: binaryCrossEntropy,
    targets: several,
    value: 0.3698771503988687,
    gradient: [
      -0.04482357022833252, 0.0629234447996909, -0.01986715367035295, 0.08333333333333333, -0.007904312196261106,
      0.0031569035616658505,
    ],
    correct: 2,
  },
  {
    loss: meanSquaredError,
    targets: several,
    value: 1.1354166666666667,
    gradient: [0, -0.16666666666666666, 0.3333333333333333, 0, 0.6666666666666666, -0.41666666666666663],
    correct: undefined,
  },
  {
    loss: distillation({ temperature: 3, weight: 0.7, smoothing: 0.1 }),
    targets: distillationTargets(labels, teacher, 3),
    value: 0.7648913256473462,
    gradient: [
      0.05276009515580479, -0.11442153379554239, 0.06166143863973767, -0.10156800920207898, 0.2208989782593912,
      -0.11933096905731207,
    ],
    correct: 1,
  },
];

describe.each(cases)('$loss.name $loss.settings', ({ loss, targets, value, gradient, correct }) => {
  test('is what PyTorch computes', () => {
    const measured = loss.measure(outputs, targets, sizes);
    expect(measured.loss).toBeCloseTo(value, 7);
    expect(measured.correct).toBe(correct);
    loss.gradient(outputs, targets, sizes).forEach((slope, i) => {
      expect(slope).toBeCloseTo(gradient[i]!, 7);
    });
  });

  test('its gradient is that of central differences', () => {
    const rng = RandomStream.fromSeed(1);
    for (let round = 0; round < 50; round++) {
      const at = outputs.map(() => 3 * rng.normal());
      // Targets that are no probabilities of one class, where the loss takes them.
      const wanted = targets.map(() => rng.float());
      const slopes = loss.gradient(at, wanted, sizes);
      at.forEach((value_, i) => {
        const moved = (step: number): number =>
          loss.measure(
            at.map((other, j) => (j === i ? value_ + step : other)),
            wanted,
            sizes,
          ).loss;
        expect(slopes[i]!).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 8);
      });
    }
  });

  test('what is not a number shows, in loss and gradient, at every place', () => {
    outputs.forEach((_, i) => {
      const broken = outputs.map((value_, j) => (j === i ? NaN : value_));
      expect(loss.measure(broken, targets, sizes).loss).toBeNaN();
      expect(loss.gradient(broken, targets, sizes)[i]).toBeNaN();
      const { correct: hits } = loss.measure(broken, targets, sizes);
      if (hits !== undefined) expect(hits).toBeLessThanOrEqual(1);
    });
  });

  test('large outputs overflow nowhere', () => {
    const large = outputs.map((value_) => 1e4 * value_);
    expect(loss.measure(large, targets, sizes).loss).toBeLessThan(1e9);
    expect(loss.gradient(large, targets, sizes).every(Number.isFinite)).toBe(true);
  });
});

test('label smoothing of 0.1 on three classes: 1 - 0.1 + 0.1 / 3 and twice 0.1 / 3', () => {
  // Equal logits have probability 1/3 each.
  const one = { batch: 1, outputs: 3 };
  const [other, same, wanted] = softmaxCrossEntropy({ smoothing: 0.1 }).gradient(
    Float64Array.of(0, 0, 0),
    Float32Array.of(0, 0, 1),
    one,
  );
  expect(wanted).toBeCloseTo(1 / 3 - (0.9 + 0.1 / 3), 12);
  expect(other).toBeCloseTo(1 / 3 - 0.1 / 3, 12);
  expect(same).toBe(other);
});

test('a sample without a label is left out, smoothed or not', () => {
  const loss = softmaxCrossEntropy({ smoothing: 0.3 });
  const none = Float32Array.of(0, 0, 0, 1, 0, 0);
  expect(Array.from(loss.gradient(outputs, none, sizes)).slice(0, 3)).toEqual([0, 0, 0]);
});

test('certain and right costs nothing, certain and wrong everything', () => {
  const certain = Float64Array.of(Infinity, -Infinity);
  const two = { batch: 1, outputs: 2 };
  expect(binaryCrossEntropy.measure(certain, Float32Array.of(1, 0), two)).toEqual({ loss: 0, correct: 1 });
  expect(binaryCrossEntropy.measure(certain, Float32Array.of(0, 1), two)).toEqual({ loss: Infinity, correct: 0 });
});

test('a student that says what the teacher says has nothing to learn', () => {
  const loss = distillation({ temperature: 4, weight: 1 });
  const targets = distillationTargets(labels, teacher, 3);
  const same = Float64Array.from(teacher);
  expect(loss.measure(same, targets, sizes).loss).toBeCloseTo(0, 12);
  for (const slope of loss.gradient(same, targets, sizes)) expect(slope).toBeCloseTo(0, 12);
  expect(loss.targetWidth(3)).toBe(6);
  expect(() => distillationTargets(labels, teacher.subarray(3), 3)).toThrow('Expected 6 logits of the teacher, got 3');
  expect(() => distillationTargets(labels, teacher, 4)).toThrow('Expected rows of 4 classes, got 6');
});

test('settings that make no sense are refused', () => {
  expect(() => softmaxCrossEntropy({ smoothing: 1.5 })).toThrow('Expected a smoothing from 0 to 1, got 1.5');
  expect(() => softmaxCrossEntropy({ smoothing: NaN })).toThrow('got NaN');
  expect(() => distillation({ temperature: 0 })).toThrow('Expected a temperature above 0, got 0');
  expect(() => distillation({ weight: -1 })).toThrow('Expected a weight from 0 to 1, got -1');
});
