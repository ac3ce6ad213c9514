import { describe, expect, test } from 'vitest';
import type { Engine } from '../../../src/engine/engine.ts';
import { onnxEngine } from '../../../src/engine/onnx/onnx-engine.ts';
import { referenceEngine } from '../../../src/engine/reference/reference-engine.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import type { Network } from '../../../src/network/network.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { meanSquaredError } from '../../../src/training/losses/mean-squared-error.ts';
import { adamW } from '../../../src/training/optimisers/adam-w.ts';
import { adam } from '../../../src/training/optimisers/adam.ts';
import type { Entry, Optimiser } from '../../../src/training/optimisers/optimiser.ts';
import { sgd } from '../../../src/training/optimisers/sgd.ts';
import { mapParams } from '../../helpers/map-params.ts';

const gradients = [
  [0.5, -1, 0.25],
  [0.1, 0.3, -0.2],
  [-0.7, 0.2, 0.05],
];

function after(optimiser: Optimiser, start: readonly number[], decays: boolean): number[] {
  return start.map((value, i) => {
    let entry: Entry = { value, slots: Object.fromEntries(optimiser.slots.map((slot) => [slot, 0])) };
    gradients.forEach((row, step) => {
      entry = optimiser.update(entry, row[i]!, { age: step + 1, decays });
    });
    return entry.value;
  });
}

// PyTorch 1.13, float64, a parameter [1, -2, 0.5], the gradients above one after the other:
// SGD(lr=0.1, momentum=0.9); SGD(lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01); Adam(lr=0.1);
// AdamW(lr=0.1, betas=(0.8, 0.95), weight_decay=0.05).
test.each([
  [sgd(0.1, { momentum: 0.9 }), [0.9154999999999999, -1.8059999999999998, 0.46525]],
  [
    sgd(0.1, { momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
    [0.926465558191, -1.760250616382, 0.45489252909550004],
  ],
  [adam(0.1), [0.8348226348691605, -1.8367640907137168, 0.3798834548740212]],
  [
    adamW(0.1, { beta1: 0.8, beta2: 0.95, weightDecay: 0.05 }),
    [0.832878133165267, -1.8196472532430759, 0.3824171867753872],
  ],
] as const)('$name takes the steps of PyTorch', (optimiser, wanted) => {
  after(optimiser, [1, -2, 0.5], true).forEach((value, i) => {
    expect(value).toBeCloseTo(wanted[i]!, 9);
  });
});

test("two steps of Nesterov's momentum, by hand", () => {
  const optimiser = sgd(0.1, { momentum: 0.5, nesterov: true });
  const facts = { age: 1, decays: false };
  // Velocity 2, direction 2 + 0.5 * 2 = 3.
  const first = optimiser.update({ value: 1, slots: { velocity: 0 } }, 2, facts);
  expect(first.slots.velocity).toBe(2);
  expect(first.value).toBeCloseTo(0.7, 12);
  // Velocity 0.5 * 2 + 4 = 5, direction 4 + 0.5 * 5 = 6.5.
  const second = optimiser.update(first, 4, facts);
  expect(second.slots.velocity).toBe(5);
  expect(second.value).toBeCloseTo(0.05, 12);
});

test.each([adamW(0.1, { weightDecay: 0.5 }), sgd(0.1, { weightDecay: 0.5 })])(
  '$name decays towards 0 what decays, and nothing else',
  (optimiser) => {
    const entry = { value: 2, slots: Object.fromEntries(optimiser.slots.map((slot) => [slot, 0])) };
    const step = (decays: boolean) => (optimiser as Optimiser).update(entry, 0, { age: 1, decays }).value;
    expect(step(true)).toBeCloseTo(2 * (1 - 0.1 * 0.5), 12);
    expect(step(false)).toBe(2);
  },
);

/** y = w x + b, then norm, switch and scale-free parts that must not decay. */
function network(): Network {
  const net = new NetworkBuilder([2, 3, 2], RandomStream.fromSeed(1));
  net.layer('conv2d', { channels: 2, kernel: 1 });
  net.layer('batchNorm');
  net.layer('actiSwitch', { function: 'tanh', start: 'active' });
  net.layer('flatten');
  net.layer('dense', { units: 2 });
  // Biases start at 0, where decay would not show.
  return mapParams(net.build(), (value) => (value === 0 ? 0.5 : value));
}

describe.each([referenceEngine, onnxEngine()])('$name engine', (engine: Engine) => {
  test('weights of dense and conv2d decay; biases, norms and switches do not', async () => {
    const batch = { size: 4, data: Float32Array.from({ length: 48 }, (_, i) => Math.sin(i)) };
    const targets = Float32Array.from({ length: 8 }, (_, i) => Math.cos(i));
    const stepped = async (optimiser: Optimiser): Promise<Network> => {
      const program = await engine.compile([network()]);
      await program.step(batch, targets, optimiser, { loss: meanSquaredError });
      return (await program.snapshot()).network;
    };
    const [plain, decayed] = [await stepped(adam(0.1)), await stepped(adamW(0.1, { weightDecay: 0.5 }))];
    const moved = new Set<string>();
    plain.nodes.forEach(({ id, params }, at) => {
      for (const [name, { data }] of Object.entries(params)) {
        const start = network().nodes[at]!.params[name]!.data;
        const other = decayed.nodes[at]!.params[name]!.data;
        data.forEach((value, i) => {
          if (other[i] !== value) {
            moved.add(`${id}.${name}`);
            expect(other[i]! - value).toBeCloseTo(-0.05 * start[i]!, 6);
          }
        });
      }
    });
    expect([...moved].sort()).toEqual(['conv2d.weight', 'dense.weight']);
  });

  test('gradients beyond the norm are scaled down to it before the update, others are left alone', async () => {
    const net = new NetworkBuilder([1], RandomStream.fromSeed(1));
    net.layer('dense', { units: 1 });
    const line = net.build();
    const [weight, bias] = [line.nodes[1]!.params.weight!.data[0]!, line.nodes[1]!.params.bias!.data[0]!];
    // One sample x = 4/3, wanted y - 1.5: the error is 1.5, the gradient by the bias 3, by the weight 4, the norm 5.
    const x = Math.fround(4 / 3);
    const batch = { size: 1, data: Float32Array.of(x) };
    const targets = Float32Array.of(weight * x + bias - 1.5);
    const moved = async (clipNorm: number): Promise<number[]> => {
      const program = await engine.compile([line]);
      await program.step(batch, targets, sgd(1), { loss: meanSquaredError, clipNorm });
      const { params } = (await program.snapshot()).network.nodes[1]!;
      return [params.weight!.data[0]! - weight, params.bias!.data[0]! - bias];
    };
    for (const [clipNorm, share] of [
      [1, 0.2],
      [2.5, 0.5],
      [10, 1],
    ] as const) {
      const [byWeight, byBias] = await moved(clipNorm);
      expect(byWeight).toBeCloseTo(-4 * share, 5);
      expect(byBias).toBeCloseTo(-3 * share, 5);
    }
  });

  test('the memory that adam keeps is of the clipped gradient', async () => {
    const net = new NetworkBuilder([1], RandomStream.fromSeed(1));
    net.layer('dense', { units: 1, bias: false });
    const program = await engine.compile([net.build()]);
    await program.step({ size: 1, data: Float32Array.of(1) }, Float32Array.of(1000), adam(0.1), {
      loss: meanSquaredError,
      clipNorm: 0.5,
    });
    const { first } = (await program.snapshot()).state.moments.dense!.weight!;
    expect(first!.data[0]).toBeCloseTo(-0.05, 6);
  });

  test('a memory of other slots is refused; without it, any optimiser may start', async () => {
    const batch = { size: 4, data: new Float32Array(48).fill(0.1) };
    const targets = new Float32Array(8).fill(0.5);
    const program = await engine.compile([network()]);
    await program.step(batch, targets, adam(0.1));
    const { network: own, state } = await program.snapshot();
    const refusal = 'Expected a training state of sgd (velocity), got "first,second" (at conv2d.weight)';
    await expect(program.step(batch, targets, sgd(0.1))).rejects.toThrow(refusal);
    const resumed = await engine.compile([own], { state });
    await expect(resumed.step(batch, targets, sgd(0.1))).rejects.toThrow(refusal);
    // The same slots: adamW goes on with the moments of adam.
    await resumed.step(batch, targets, adamW(0.1));
    expect((await resumed.snapshot()).state.moments.dense!.weight!.age.data).toEqual(Float32Array.of(2));
    const fresh = await engine.compile([own]);
    await fresh.step(batch, targets, sgd(0.1));
    expect(Object.keys((await fresh.snapshot()).state.moments.dense!.weight!).sort()).toEqual(['age', 'velocity']);
    // What frozen nodes remember is nobody's business.
    const behind = await engine.compile([own], {
      state: { moments: { conv2d: state.moments.conv2d! } },
      trainable: new Set(['dense']),
    });
    await behind.step(batch, targets, sgd(0.1));
    expect((await behind.snapshot()).state.moments.conv2d).toBe(state.moments.conv2d);
  });

  test('targets of another size than the loss wants are refused', async () => {
    const program = await engine.compile([network()]);
    const batch = { size: 4, data: new Float32Array(48) };
    await expect(program.step(batch, new Float32Array(12), adam(0.1))).rejects.toThrow(
      'Expected 2 target values a sample for softmax cross-entropy, got 3',
    );
  });
});

test.each([
  [() => sgd(NaN), 'learningRate of 0 or more, got NaN'],
  [() => sgd(0.1, { momentum: 1 }), 'momentum from 0 to below 1, got 1'],
  [() => sgd(0.1, { weightDecay: -1 }), 'weightDecay of 0 or more, got -1'],
  [() => adam(-1), 'learningRate of 0 or more, got -1'],
  [() => adam(0.1, { beta1: 1 }), 'beta1 from 0 to below 1, got 1'],
  [() => adam(0.1, { beta2: -0.1 }), 'beta2 from 0 to below 1, got -0.1'],
  [() => adam(0.1, { epsilon: Infinity }), 'epsilon of 0 or more, got Infinity'],
  [() => adamW(Infinity), 'learningRate of 0 or more, got Infinity'],
  [() => adamW(0.1, { weightDecay: NaN }), 'weightDecay of 0 or more, got NaN'],
  [() => adamW(0.1, { beta1: NaN }), 'beta1 from 0 to below 1, got NaN'],
])('%s is refused', (make, message) => {
  expect(make).toThrow(`Expected ${message}`);
});
