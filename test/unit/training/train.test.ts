import { describe, expect, test } from 'vitest';
import { allocateSamples, type Samples } from '../../../src/data/samples.ts';
import type { Program } from '../../../src/engine/engine.ts';
import { onnxEngine } from '../../../src/engine/onnx/onnx-engine.ts';
import { referenceEngine } from '../../../src/engine/reference/reference-engine.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import type { Network } from '../../../src/network/network.ts';
import { tensor } from '../../../src/network/tensor.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { softmaxCrossEntropy } from '../../../src/training/losses/softmax-cross-entropy.ts';
import { adam } from '../../../src/training/optimisers/adam.ts';
import { evaluate } from '../../../src/training/evaluate.ts';
import { train } from '../../../src/training/train.ts';
import { freshTrainingState, type TrainedNetwork, type TrainingState } from '../../../src/training/training-state.ts';
import { batchOf } from '../../../src/data/samples.ts';
import { expectClose } from '../../helpers/compare.ts';

/** Two blobs of points in the plane, hardly overlapping. */
function blobs(count: number, seed: number): Samples {
  const rng = RandomStream.fromSeed(seed);
  const samples = allocateSamples([2], 2, count);
  for (let i = 0; i < count; i++) {
    const label = i % 2;
    samples.labels[i] = label;
    samples.inputs.set([2 * label - 1 + 0.4 * rng.normal(), rng.normal()], 2 * i);
  }
  return samples;
}

function network(): Network {
  const net = new NetworkBuilder([2], RandomStream.fromSeed(1));
  // A bias before batch norm has no gradient but rounding, which Adam would blow up.
  net.layer('dense', { units: 6, bias: false });
  net.layer('batchNorm');
  net.layer('activation', { function: 'relu' });
  net.layer('dense', { units: 2 });
  return net.build();
}

const fresh = (): TrainedNetwork => ({ network: network(), state: freshTrainingState });
const options = { epochs: 4, batchSize: 16, learningRate: 0.02 };
const engine = onnxEngine();

test('training lowers the error, and the same seed gives the same weights', async () => {
  const samples = blobs(150, 1);
  const [before] = await evaluate(engine, [network()], samples);
  const run = () => train(engine, fresh(), samples, { ...options, epochs: 10 }, RandomStream.fromSeed(1));
  const [first, second] = [await run(), await run()];
  const [after] = await evaluate(engine, [first.network], blobs(200, 2));
  expect(after!.error).toBeLessThan(0.03);
  expect(after!.loss).toBeLessThan(before!.loss);
  expect(first.samplesSeen).toBe(1500);
  expect(second.network).toEqual(first.network);
});

test('frozen nodes stay the same objects, batch norm statistics included', async () => {
  const trained = await train(engine, fresh(), blobs(64, 1), options, RandomStream.fromSeed(1));
  const more = await train(
    engine,
    trained,
    blobs(64, 1),
    { ...options, trainable: new Set(['dense_2']) },
    RandomStream.fromSeed(2),
  );
  for (const node of trained.network.nodes) {
    const after = more.network.nodes.find(({ id }) => id === node.id)!;
    if (node.id === 'dense_2') expect(after.params).not.toEqual(node.params);
    else expect(after).toBe(node);
  }
  expect(more.state.moments.dense).toBe(trained.state.moments.dense);
});

test.each([engine, referenceEngine])('$name: frozen nodes stay in eval mode while others train', async (own) => {
  const net = new NetworkBuilder([2], RandomStream.fromSeed(1));
  net.layer('batchNorm');
  net.layer('dropout', { rate: 0.9 });
  const last = net.layer('dense', { units: 2 });
  const program = await own.compile([net.build()], { trainable: new Set([last]) });
  // Far from the running statistics, which are of mean 0 and variance 1.
  const batch = { size: 3, data: Float32Array.of(5, 9, 6, 7, 3, 8) };
  const targets = Float32Array.of(1, 0, 0, 1, 1, 0);
  const [outputs] = await program.forward(batch);
  const { loss } = softmaxCrossEntropy().measure(outputs!, targets, { batch: 3, outputs: 2 });
  expect((await program.step(batch, targets, adam(0.1))).loss).toBeCloseTo(loss, 6);
  await program.dispose();
});

test('a loss that is not finite stops with an error that says where', async () => {
  const huge = { ...options, learningRate: 1e30 };
  await expect(train(engine, fresh(), blobs(64, 1), huge, RandomStream.fromSeed(1))).rejects.toThrow(
    /Expected a finite training loss, got .* in epoch/,
  );
});

test('no epochs change nothing', async () => {
  const parent = fresh();
  const { network: same, state } = await train(
    engine,
    parent,
    blobs(8, 1),
    { ...options, epochs: 0 },
    RandomStream.fromSeed(1),
  );
  expect({ network: same, state }).toEqual(parent);
});

test('networks evaluated together score as they do alone', async () => {
  const [a, b] = [network(), (await train(engine, fresh(), blobs(64, 1), options, RandomStream.fromSeed(1))).network];
  const samples = blobs(300, 3);
  const together = await evaluate(engine, [a, b, a], samples);
  const alone = await Promise.all([a, b, a].map(async (one) => (await evaluate(engine, [one], samples))[0]!));
  expect(together).toEqual(alone);
});

const steps = async (program: Program, from: number, to: number): Promise<void> => {
  const samples = blobs(64, 4);
  for (let step = from; step < to; step++) {
    const batch = batchOf(
      samples,
      [0, 1, 2, 3, 4, 5, 6, 7].map((i) => (8 * step + i) % 64),
    );
    await program.step(batch, batch.targets, adam(0.01));
  }
};

test('k + m steps equal k steps, a snapshot, and m steps, bit for bit', async () => {
  const whole = await engine.compile([network()]);
  await steps(whole, 0, 7);
  const part = await engine.compile([network()]);
  await steps(part, 0, 4);
  const { network: half, state } = await part.snapshot();
  const rest = await engine.compile([half], { state });
  await steps(rest, 4, 7);
  expect(await rest.snapshot()).toEqual(await whole.snapshot());
});

describe('entries of different ages', () => {
  // As after a growth step: the second half of each parameter has never been updated.
  function grown(): TrainedNetwork {
    const rng = RandomStream.fromSeed(9);
    const moments = network().nodes.map((node) => [
      node.id,
      Object.fromEntries(
        Object.entries(node.params)
          .filter(([name]) => name !== 'mean' && name !== 'variance')
          .map(([name, { shape, data }]) => {
            const old = (value: () => number) =>
              tensor(
                shape,
                data.map((_, i) => (2 * i < data.length ? value() : 0)),
              );
            const first = old(() => 0.1 * rng.normal());
            return [name, { first, second: old(() => 0.01 + 0.1 * rng.float()), age: old(() => 500) }];
          }),
      ),
    ]);
    return { network: network(), state: { moments: Object.fromEntries(moments) as TrainingState['moments'] } };
  }

  test('the onnx step equals the reference step', async () => {
    const { network: parent, state } = grown();
    const programs = await Promise.all([engine, referenceEngine].map((own) => own.compile([parent], { state })));
    for (const program of programs) await steps(program, 0, 1);
    const [onnx, reference] = await Promise.all(programs.map((program) => program.snapshot()));
    for (const node of reference!.network.nodes) {
      const own = onnx!.network.nodes.find(({ id }) => id === node.id)!;
      for (const [name, { data }] of Object.entries(node.params)) {
        expectClose(own.params[name]!.data, data, 1e-5, `${node.id}.${name}`);
      }
      for (const [name, { age }] of Object.entries(reference!.state.moments[node.id] ?? {})) {
        expect(onnx!.state.moments[node.id]![name]!.age).toEqual(age);
      }
    }
  });

  test('a new entry moves by at most the learning rate in its first step', async () => {
    const { network: parent, state } = grown();
    const program = await engine.compile([parent], { state });
    await steps(program, 0, 1);
    const after = (await program.snapshot()).network.nodes.find(({ id }) => id === 'dense_2')!;
    const before = parent.nodes.find(({ id }) => id === 'dense_2')!;
    const { data } = after.params.weight!;
    const moves = data.map((value, i) => Math.abs(value - before.params.weight!.data[i]!)).slice(data.length / 2);
    expect(Math.max(...moves)).toBeLessThan(0.01 * 1.001);
    expect(Math.max(...moves)).toBeGreaterThan(0.005);
  });
});

test('only one network can be trained at a time, and only if it has parameters', async () => {
  const program = await engine.compile([network(), network()]);
  const batch = batchOf(blobs(4, 1), [0, 1]);
  await expect(program.step(batch, batch.targets, adam(0.1))).rejects.toThrow(
    'Expected one compiled network to train, got 2',
  );
  const frozen = await engine.compile([network()], { trainable: new Set() });
  await expect(frozen.step(batch, batch.targets, adam(0.1))).rejects.toThrow(
    'Expected at least one trainable parameter',
  );
});
