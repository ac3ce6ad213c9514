// What the laws of conformance leave open for the tfjs engine: losses, optimisers, training states, several networks.
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test, vi } from 'vitest';
import { referenceEngine } from '../../../src/engine/reference/reference-engine.ts';
import type { StepOptions } from '../../../src/engine/engine.ts';
import { tfjsEngine } from '../../../src/engine/tfjs/tfjs-engine.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import type { Network } from '../../../src/network/network.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { binaryCrossEntropy } from '../../../src/training/losses/binary-cross-entropy.ts';
import { distillation } from '../../../src/training/losses/distillation.ts';
import { meanSquaredError } from '../../../src/training/losses/mean-squared-error.ts';
import { softmaxCrossEntropy } from '../../../src/training/losses/softmax-cross-entropy.ts';
import { adam } from '../../../src/training/optimisers/adam.ts';
import { adamW } from '../../../src/training/optimisers/adam-w.ts';
import { sgd } from '../../../src/training/optimisers/sgd.ts';
import { expectClose } from '../../helpers/compare.ts';
import { lively, randomInput } from '../../helpers/random-network.ts';

const engine = await tfjsEngine({ backend: 'cpu' });
const size = 4;

function convNet(): Network {
  const builder = new NetworkBuilder([2, 5, 3], RandomStream.fromSeed(3));
  // A bias in front of a batch norm has no gradient but rounding, which adam blows up.
  builder.layer('conv2d', { channels: 3, kernel: [3, 2], bias: false });
  builder.layer('batchNorm');
  builder.layer('activation', { function: 'tanh' });
  builder.layer('flatten');
  builder.layer('dense', { units: 3 });
  return lively(builder.build(), RandomStream.fromSeed(4));
}

const network = convNet();
const batch = { size, data: randomInput(network, size, 5) };

function targetsOf({ loss }: StepOptions): Float32Array {
  const rng = RandomStream.fromSeed(6);
  return Float32Array.from({ length: size * (loss?.targetWidth(3) ?? 3) }, () => rng.float());
}

describe('three steps of training agree with the reference', () => {
  const losses = [softmaxCrossEntropy({ smoothing: 0.1 }), distillation(), binaryCrossEntropy, meanSquaredError];
  const optimisers = [
    adam(0.01),
    adamW(0.01, { weightDecay: 0.1 }),
    sgd(0.1, { momentum: 0.9, weightDecay: 0.1 }),
    sgd(0.1, { momentum: 0.9, nesterov: true }),
  ];
  const cases = losses.flatMap((loss) =>
    optimisers.flatMap((optimiser) => [undefined, 0.05].map((clipNorm) => ({ loss, optimiser, clipNorm }))),
  );
  test.each(cases)('$loss.name, $optimiser.name $optimiser.settings, clipped to $clipNorm', async (own) => {
    const options = { loss: own.loss, ...(own.clipNorm !== undefined && { clipNorm: own.clipNorm }) };
    const programs = await Promise.all([engine, referenceEngine].map((each) => each.compile([network])));
    for (let step = 0; step < 3; step++) {
      const [actual, wanted] = await Promise.all(
        programs.map((program) => program.step(batch, targetsOf(options), own.optimiser, options)),
      );
      expectClose([actual!.loss], [wanted!.loss], 1e-5, 'loss');
    }
    const [actual, wanted] = await Promise.all(programs.map((program) => program.snapshot()));
    for (const [at, node] of wanted!.network.nodes.entries()) {
      for (const [name, { data }] of Object.entries(node.params)) {
        expectClose(actual!.network.nodes[at]!.params[name]!.data, data, 1e-4, `${node.id}.${name}`);
      }
      for (const [name, slots] of Object.entries(wanted!.state.moments[node.id] ?? {})) {
        for (const [slot, { data }] of Object.entries(slots)) {
          expectClose(actual!.state.moments[node.id]![name]![slot]!.data, data, 1e-4, `${node.id}.${name} ${slot}`);
        }
      }
    }
    await programs[0]!.dispose();
  });
});

test('training goes on from a state bit for bit', async () => {
  const targets = targetsOf({});
  const whole = await engine.compile([network]);
  for (let step = 0; step < 4; step++) await whole.step(batch, targets, adam(0.01));
  const first = await engine.compile([network]);
  for (let step = 0; step < 2; step++) await first.step(batch, targets, adam(0.01));
  const half = await first.snapshot();
  const second = await engine.compile([half.network], { state: half.state });
  for (let step = 0; step < 2; step++) await second.step(batch, targets, adam(0.01));
  expect(await second.snapshot()).toEqual(await whole.snapshot());
});

test('frozen nodes stay the same objects, and the forward pass sees the trained weights', async () => {
  const program = await engine.compile([network], { trainable: new Set(['dense']) });
  const [before] = await program.forward(batch);
  await program.step(batch, targetsOf({}), sgd(0.5));
  const trained = (await program.snapshot()).network;
  const same = trained.nodes.filter((node, at) => node === network.nodes[at]).map(({ id }) => id);
  expect(same).toEqual(['input', 'conv2d', 'batchNorm', 'activation', 'flatten']);
  const [after] = await program.forward(batch);
  const [wanted] = await (await referenceEngine.compile([trained])).forward(batch);
  expect(after).not.toEqual(before);
  expectClose(after!, wanted!, 1e-5, 'output');
});

test('normal equations of several networks agree with the reference', async () => {
  const other = lively(network, RandomStream.fromSeed(8));
  const pairs = [
    { from: { network: 0, node: 'activation' }, to: { network: 1, node: 'batchNorm' } },
    { from: { network: 1, node: 'flatten' }, to: { network: 0, node: 'dense' } },
  ];
  const [actual, wanted] = await Promise.all(
    [engine, referenceEngine].map(async (own) => (await own.compile([network, other])).normalEquations(batch, pairs)),
  );
  for (const [at, { xx, xy, yy, ...sizes }] of wanted!.entries()) {
    expect(actual![at]).toMatchObject(sizes);
    expectClose(actual![at]!.xx, xx, 1e-5, 'xx');
    expectClose(actual![at]!.xy, xy, 1e-5, 'xy');
    expectClose(actual![at]!.yy, yy, 1e-5, 'yy');
  }
});

test('a step reads nothing back but the outputs', async () => {
  const program = await engine.compile([network]);
  await program.step(batch, targetsOf({}), adam(0.01));
  const reads = vi.spyOn(tf.backend(), 'read');
  const waits = vi.spyOn(tf.backend(), 'readSync');
  await program.step(batch, targetsOf({}), adam(0.01));
  expect(reads).toHaveBeenCalledTimes(1);
  await program.snapshot();
  // Weights, ages, running statistics and two moments.
  expect(reads).toHaveBeenCalledTimes(1 + 5);
  // This backend's own asynchronous reads are all that go through the other.
  expect(waits.mock.calls.length).toBe(reads.mock.calls.length);
  vi.restoreAllMocks();
});

test('steps and programs leave no tensors behind', async () => {
  const before = tf.memory().numTensors;
  const program = await engine.compile([network]);
  await program.step(batch, targetsOf({}), adam(0.01));
  await program.forward(batch);
  const held = tf.memory().numTensors;
  await program.step(batch, targetsOf({}), adam(0.01));
  await program.gradients(batch, targetsOf({}));
  await program.forward(batch);
  await program.normalEquations(batch, [{ from: { network: 0, node: 'flatten' }, to: { network: 0, node: 'dense' } }]);
  expect(tf.memory().numTensors).toBe(held);
  await program.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('nothing to train is refused', async () => {
  const program = await engine.compile([network], { trainable: new Set() });
  await expect(program.step(batch, targetsOf({}), sgd(0.1))).rejects.toMatchObject({ code: 'bad-network' });
});
