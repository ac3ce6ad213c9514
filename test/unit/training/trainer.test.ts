import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rebuildNodes } from '../../../operators/rebuild-nodes.ts';
import { allocateSamples, type Samples } from '../../../src/data/samples.ts';
import { planTraining, trackedParams, trainableParams } from '../../../src/engine/backward-plan.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { flatLayout } from '../../../src/engine/onnx/flat-layout.ts';
import { onnxEngine } from '../../../src/engine/onnx/onnx-engine.ts';
import { decodeModel, type DecodedModel } from '../../../src/engine/onnx/onnx-schema.ts';
import { trainingGraph } from '../../../src/engine/onnx/training-session.ts';
import { referenceEngine } from '../../../src/engine/reference/reference-engine.ts';
import { replaceNodes } from '../../../src/network/edit.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import type { Network, NetworkNode } from '../../../src/network/network.ts';
import { tensor } from '../../../src/network/tensor.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { evaluate } from '../../../src/training/evaluate.ts';
import { binaryCrossEntropy } from '../../../src/training/losses/binary-cross-entropy.ts';
import { distillation, distillationTargets } from '../../../src/training/losses/distillation.ts';
import { meanSquaredError } from '../../../src/training/losses/mean-squared-error.ts';
import { softmaxCrossEntropy } from '../../../src/training/losses/softmax-cross-entropy.ts';
import { measure } from '../../../src/training/measure.ts';
import { adam } from '../../../src/training/optimisers/adam.ts';
import { sgd } from '../../../src/training/optimisers/sgd.ts';
import { constantSchedule } from '../../../src/training/schedules.ts';
import type { EpochProgress, TrainOptions } from '../../../src/training/train-options.ts';
import { train } from '../../../src/training/train.ts';
import { Trainer } from '../../../src/training/trainer.ts';
import { TrainingDiverged } from '../../../src/training/training-diverged.ts';
import { freshTrainingState, type TrainedNetwork } from '../../../src/training/training-state.ts';
import { randomNetworks } from '../../helpers/random-network.ts';

const engine = onnxEngine();
const seed = () => RandomStream.fromSeed(1);

/** Points whose class is told by their sign, `noise` of them labelled at random. */
function points(count: number, own: number, noise = 0): Samples {
  const rng = RandomStream.fromSeed(own);
  const samples = allocateSamples([3], 2, count);
  for (let i = 0; i < count; i++) {
    const values = [rng.normal(), rng.normal(), rng.normal()];
    samples.inputs.set(values, 3 * i);
    samples.labels[i] = rng.float() < noise ? rng.int(2) : Number(values[0]! > 0);
  }
  return samples;
}

function network(units = 8): Network {
  const net = new NetworkBuilder([3], RandomStream.fromSeed(2));
  net.layer('dense', { units });
  net.layer('activation', { function: 'relu' });
  net.layer('dense', { units: 2 });
  return net.build();
}

const fresh = (own = network()): TrainedNetwork => ({ network: own, state: freshTrainingState });
const plain = { epochs: 3, batchSize: 8, learningRate: 0.01 };

describe('early stopping', () => {
  // Labels of which a part is noise are learned by heart after a while, and the validation loss rises.
  const validation = points(60, 5);
  const options = {
    epochs: 60,
    batchSize: 8,
    learningRate: 0.01,
    schedule: constantSchedule(),
    earlyStopping: { validation, patience: 4 },
  };

  test('ends once patience is over, and gives back the weights and moments of the best epoch', async () => {
    const seen: EpochProgress[] = [];
    const result = await train(
      engine,
      fresh(network(32)),
      points(40, 4, 0.3),
      { ...options, onEpoch: (progress) => seen.push(progress) },
      seed(),
    );
    const losses = seen.map((progress) => progress.validation!.loss);
    const lowest = losses.indexOf(Math.min(...losses));
    expect(result.best).toEqual({ epoch: lowest + 1, loss: losses[lowest] });
    expect(seen).toHaveLength(lowest + 1 + 4);
    expect(seen.length).toBeLessThan(60);
    expect(lowest).toBeGreaterThan(0);
    const [measured] = await evaluate(engine, [result.network], validation);
    expect(measured!.loss).toBeCloseTo(losses[lowest]!, 6);
    expect(losses.at(-1)).toBeGreaterThan(losses[lowest]! + 1e-3);
    // 5 batches of 8 an epoch: the moments are as old as the weights.
    expect(result.state.moments.dense!.weight!.age.data).toEqual(Float32Array.of(5 * (lowest + 1)));
    expect(result.samplesSeen).toBe(40 * seen.length);
    expect(result.state.position).toBeUndefined();
  });

  test('a gain below minDelta is none', async () => {
    const epochs: number[] = [];
    const earlyStopping = { validation, patience: 2, minDelta: 1e9 };
    const onEpoch = ({ epoch }: EpochProgress): unknown => epochs.push(epoch);
    const result = await train(engine, fresh(), points(40, 4), { ...options, earlyStopping, onEpoch }, seed());
    expect(epochs).toEqual([1, 2, 3]);
    expect(result.best!.epoch).toBe(1);
  });
});

describe('a training that diverges', () => {
  test('ends with an error that has the last good weights', async () => {
    const samples = points(32, 1);
    let epoch = 0;
    const options: TrainOptions = {
      ...plain,
      epochs: 6,
      // Breaks down in the third epoch.
      schedule: (progress) => (progress < 0.4 ? 1 : 1e30),
      onEpoch: (progress) => (epoch = progress.epoch),
    };
    const failure: unknown = await train(engine, fresh(), samples, options, seed()).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TrainingDiverged);
    const { code, message, lastGood } = failure as TrainingDiverged;
    expect(code).toBe('evaluation-failed');
    expect(message).toMatch(/Expected a finite training loss, got .* in epoch 3, batch/);
    expect(epoch).toBe(2);
    const [metrics] = await evaluate(engine, [lastGood.network], samples);
    expect(metrics!.loss).toBeLessThan(1);
    expect(lastGood.state.moments.dense!.weight!.age.data).toEqual(Float32Array.of(8));
  });

  test('weights at whose own loss it shows are not good ones', async () => {
    // The last step of the second epoch leads so far that the next loss is not finite.
    const schedule = (progress: number): number => (Math.round(24 * progress) === 7 ? 1e30 : 1);
    const failure: unknown = await train(
      engine,
      fresh(),
      points(32, 1),
      { ...plain, epochs: 6, schedule },
      seed(),
    ).catch((error: unknown) => error);
    expect((failure as Error).message).toContain('in epoch 3, batch 1');
    const { lastGood } = failure as TrainingDiverged;
    expect(lastGood.state.moments.dense!.weight!.age.data).toEqual(Float32Array.of(4));
  });

  test('weights that break in the very last step are noticed too', async () => {
    const options = { ...plain, epochs: 1, batchSize: 32, learningRate: 1e39, schedule: constantSchedule() };
    await expect(train(engine, fresh(), points(32, 1), options, seed())).rejects.toThrow(
      'Expected finite weights, got others after epoch 1',
    );
  });

  test.each([NaN, Infinity, -Infinity])('one weight of %s is enough', async (broken) => {
    const spoiling: Engine = {
      ...engine,
      async compile(...call) {
        const program = await engine.compile(...call);
        const intact = program.snapshot.bind(program);
        const snapshot = async (): Promise<TrainedNetwork> => {
          const { network, state } = await intact();
          const last = network.nodes.at(-1)!;
          const bias = tensor([2], Float32Array.of(0, broken));
          return {
            network: replaceNodes(network, new Map([[last.id, { ...last, params: { ...last.params, bias } }]])),
            state,
          };
        };
        return Object.assign(program, { snapshot });
      },
    };
    await expect(train(spoiling, fresh(), points(32, 1), plain, seed())).rejects.toThrow(
      'Expected finite weights, got others after epoch 1',
    );
  });

  test('a broken validation loss is an error, not a worse epoch', async () => {
    const validation = points(8, 1);
    validation.inputs[3] = NaN;
    const options = { ...plain, earlyStopping: { validation, patience: 1 } };
    await expect(train(engine, fresh(), points(32, 1), options, seed())).rejects.toThrow(
      'Expected a finite validation loss, got NaN after epoch 1',
    );
  });
});

test('epochs report loss, accuracy and speed', async () => {
  const seen: EpochProgress[] = [];
  await train(engine, fresh(), points(30, 1), { ...plain, onEpoch: (progress) => seen.push(progress) }, seed());
  expect(seen.map(({ epoch, epochs }) => [epoch, epochs])).toEqual([
    [1, 3],
    [2, 3],
    [3, 3],
  ]);
  for (const { loss, accuracy, samplesPerSecond, validation } of seen) {
    expect(loss).toBeGreaterThan(0);
    expect(accuracy).toBeGreaterThanOrEqual(0);
    expect(accuracy).toBeLessThanOrEqual(1);
    expect(samplesPerSecond).toBeGreaterThan(0);
    expect(samplesPerSecond).toBeLessThan(Infinity);
    expect(validation).toBeUndefined();
  }
});

test('the last batch is no small remainder: 17 samples in batches of at most 8 are 5, 6 and 6', async () => {
  const trainer = await Trainer.start(engine, fresh(), points(17, 1), plain, seed());
  const seen: number[] = [];
  for (let step = 0; step < 4; step++) {
    await trainer.step();
    seen.push((await trainer.result()).samplesSeen);
  }
  expect(seen).toEqual([5, 11, 17, 22]);
  while (!trainer.finished) await trainer.step();
  expect((await trainer.result()).samplesSeen).toBe(51);
  await expect(trainer.step()).rejects.toThrow('Expected a training that goes on');
  await trainer.dispose();
});

describe('losses with targets of their own', () => {
  test('regression on values', async () => {
    const samples = points(120, 3);
    const targets = Float32Array.from({ length: 240 }, (_, i) => {
      const [x, y] = samples.inputs.subarray(3 * Math.floor(i / 2));
      return i % 2 === 0 ? x! - y! : 0.5 * y!;
    });
    const options = { ...plain, epochs: 40, learningRate: 0.03, loss: meanSquaredError, targets };
    const seen: (number | undefined)[] = [];
    const result = await train(
      engine,
      fresh(),
      samples,
      { ...options, onEpoch: ({ accuracy }) => seen.push(accuracy) },
      seed(),
    );
    expect(result.loss).toBeLessThan(0.02);
    expect(seen.every((accuracy) => accuracy === undefined)).toBe(true);
    const program = await engine.compile([result.network]);
    const [measured] = await measure(program, samples, options);
    expect(measured!.loss).toBeLessThan(0.02);
    expect(measured!.correct).toBeUndefined();
  });

  test('several labels at once', async () => {
    const samples = points(120, 3);
    const targets = Float32Array.from({ length: 240 }, (_, i) =>
      Number(samples.inputs[3 * Math.floor(i / 2) + (i % 2)]! > 0),
    );
    const options = { ...plain, epochs: 30, learningRate: 0.03, loss: binaryCrossEntropy, targets };
    const result = await train(engine, fresh(), samples, options, seed());
    const [measured] = await measure(await engine.compile([result.network]), samples, options);
    expect(measured!.correct! / 120).toBeGreaterThan(0.95);
  });

  test('a teacher is followed where the labels say nothing', async () => {
    const samples = points(120, 3);
    const teacher = await train(engine, fresh(), samples, { ...plain, epochs: 20 }, seed());
    const program = await engine.compile([teacher.network]);
    const [logits] = await program.forward({ size: 120, data: Float32Array.from(samples.inputs) });
    const targets = distillationTargets(new Float32Array(240), Float32Array.from(logits!), 2);
    const options = { ...plain, epochs: 30, learningRate: 0.03, loss: distillation({ weight: 1 }), targets };
    const student = await train(engine, fresh(network(4)), samples, options, seed());
    expect(student.loss).toBeLessThan(0.02);
    const [metrics] = await evaluate(engine, [student.network], samples);
    expect(metrics!.error).toBeLessThan(0.1);
  });

  test('images as outputs', async () => {
    const net = new NetworkBuilder([1, 3, 4], RandomStream.fromSeed(1));
    net.layer('conv2d', { channels: 2, kernel: 3 });
    net.layer('conv2d', { channels: 1, kernel: 3 });
    const samples = allocateSamples([1, 3, 4], 2, 12);
    const rng = RandomStream.fromSeed(3);
    samples.inputs.forEach((_, i) => (samples.inputs[i] = rng.normal()));
    const targets = Float32Array.from(samples.inputs);
    const options = { ...plain, epochs: 60, learningRate: 0.03, loss: meanSquaredError, targets };
    const runs = [engine, referenceEngine].map((own) => train(own, fresh(net.build()), samples, options, seed()));
    const [onnx, reference] = await Promise.all(runs);
    expect(onnx!.loss).toBeLessThan(0.1);
    expect(onnx!.loss).toBeCloseTo(reference!.loss, 3);
  });

  test('targets that are not one row a sample are refused', async () => {
    const options = { ...plain, targets: new Float32Array(31) };
    await expect(train(engine, fresh(), points(30, 1), options, seed())).rejects.toThrow(
      'Expected targets for 30 samples, got 31',
    );
    await expect(train(engine, fresh(), points(30, 1), { ...plain, loss: distillation() }, seed())).rejects.toThrow(
      'Expected 4 target values a sample for distillation, got 2',
    );
  });
});

test('augmentation changes what is learned from, the same way for the same seed', async () => {
  const net = new NetworkBuilder([1, 2, 3], RandomStream.fromSeed(1));
  net.layer('flatten');
  net.layer('dense', { units: 2 });
  const samples = allocateSamples([1, 2, 3], 2, 16);
  samples.inputs.forEach((_, i) => (samples.inputs[i] = Math.sin(i)));
  samples.labels.forEach((_, i) => (samples.labels[i] = i % 2));
  const run = async (options: Partial<TrainOptions>) =>
    (await train(engine, fresh(net.build()), samples, { ...plain, ...options }, seed())).network;
  const negate = (image: Float32Array, _: unknown, rng: RandomStream) =>
    image.map((value) => (rng.float() < 0.5 ? -value : value));
  const [first, second] = [await run({ augment: [negate] }), await run({ augment: [negate] })];
  expect(first).toEqual(second);
  expect(first).not.toEqual(await run({}));
  expect(await run({ augment: [] })).toEqual(await run({}));
});

/** A training step of the network. */
function stepGraph(own: Network, trainable?: ReadonlySet<string>): NonNullable<DecodedModel['graph']> {
  const plan = planTraining(own, trainable);
  const layoutOf = (names: (node: NetworkNode) => string[]) =>
    flatLayout(own, (node) => (plan.trains(node.id) ? names(node) : []));
  const layout = { trained: layoutOf(trainableParams), tracked: layoutOf(trackedParams), ages: 1 };
  const recipe = { batch: 4, loss: softmaxCrossEntropy(), update: { optimiser: adam(0.1), clipNorm: undefined } };
  return decodeModel(trainingGraph(own, plan, layout, recipe).encode()).graph!;
}

/** How many operations a training step of the network takes. */
function operations(own: Network, trainable?: ReadonlySet<string>): number {
  return stepGraph(own, trainable).node.length;
}

test('frozen parameters cost no backward work', () => {
  const net = new NetworkBuilder([2, 8, 8], RandomStream.fromSeed(1));
  net.layer('conv2d', { channels: 4, kernel: 3 });
  net.layer('activation', { function: 'relu' });
  net.layer('conv2d', { channels: 4, kernel: 3 });
  net.layer('activation', { function: 'relu' });
  net.layer('flatten');
  net.layer('dense', { units: 2 });
  const own = net.build();
  const last = new NetworkBuilder([256], RandomStream.fromSeed(1));
  last.layer('dense', { units: 2 });
  // What training the last layer alone takes, plus the forward pass of the five layers before it.
  expect(operations(own, new Set(['dense']))).toBe(operations(last.build()) + 5);
  expect(operations(own, new Set(['conv2d_2', 'dense']))).toBeGreaterThan(operations(own, new Set(['dense'])));
  expect(operations(own)).toBeGreaterThan(operations(own, new Set(['conv2d_2', 'dense'])));
});

test('whatever is frozen, a training step computes nothing that nothing reads', () => {
  const cases = fc.tuple(randomNetworks(), fc.infiniteStream(fc.boolean()));
  fc.assert(
    fc.property(cases, ([{ network: own }, draws]) => {
      const trainable = own.nodes.map(({ id }) => id).filter((id) => id === own.nodes.at(-1)!.id || draws.next().value);
      const { node, output } = stepGraph(own, new Set(trainable));
      const read = new Set([...node.flatMap(({ input }) => input), ...output.map(({ name }) => name)]);
      expect(node.filter((one) => !one.output.some((name) => read.has(name)))).toEqual([]);
    }),
    { numRuns: 200 },
  );
});

describe('resuming', () => {
  test('wants the state of an unfinished training, with as many steps', async () => {
    const samples = points(16, 1);
    await expect(Trainer.resume(engine, fresh(), samples, plain)).rejects.toThrow(
      'Expected the state of a training to resume, got one without a position',
    );
    const trainer = await Trainer.start(engine, fresh(), samples, plain, seed());
    await trainer.step();
    const state = await trainer.state();
    await expect(Trainer.resume(engine, state, samples, { ...plain, epochs: 5 })).rejects.toThrow(
      'Expected a training of 6 steps, got 10',
    );
    await trainer.dispose();
  });

  test('a child of a network in training starts anew: it has its moments, and no position', async () => {
    const trainer = await Trainer.start(engine, fresh(), points(16, 1), plain, seed());
    await trainer.step();
    const child = rebuildNodes(await trainer.state(), new Map([['dense', { params: new Map() }]]));
    expect(child.state.position).toBeUndefined();
    expect(child.state.moments.dense).toBeDefined();
    await trainer.dispose();
  });

  test('memories of any optimiser pass through operators, new entries at 0', async () => {
    const options = { ...plain, optimiser: (rate: number) => sgd(rate, { momentum: 0.9 }) };
    const trained = await train(engine, fresh(network(2)), points(16, 1), options, seed());
    const { velocity } = trained.state.moments.dense!.bias!;
    const maps = new Map([[0, [1, undefined, 0]]]);
    const edits = new Map([['dense', { params: new Map([['bias', { maps }]]) }]]);
    const child = rebuildNodes(trained, edits).state.moments.dense!.bias!;
    expect(Array.from(child.velocity!.data)).toEqual([velocity!.data[1], 0, velocity!.data[0]]);
    expect(Array.from(child.age.data)).toEqual([6, 0, 6]);
  });
});

test('settings that make no sense are refused', async () => {
  const refused = (options: Partial<TrainOptions>) =>
    expect(train(engine, fresh(), points(16, 1), { ...plain, ...options }, seed())).rejects;
  await refused({ epochs: 1.5 }).toThrow('Expected a number of epochs, got 1.5');
  await refused({ batchSize: 0 }).toThrow('Expected a batch size, got 0');
  await refused({ learningRate: NaN }).toThrow('Expected a learning rate of 0 or more, got NaN');
  await refused({ clipNorm: 0 }).toThrow('Expected a clipNorm above 0, got 0');
  await refused({ earlyStopping: { validation: points(4, 1), patience: 0 } }).toThrow(
    'Expected a patience of 1 epoch or more, got 0',
  );
  await refused({ clipNorm: Infinity }).toThrow('Expected a clipNorm above 0, got Infinity');
  await refused({ earlyStopping: { validation: points(0, 1), patience: 1 } }).toThrow(
    'Expected validation samples, got 0',
  );
  await refused({ earlyStopping: { validation: points(4, 1), patience: 1, minDelta: NaN } }).toThrow(
    'Expected a minDelta of 0 or more, got NaN',
  );
  await refused({ schedule: () => NaN }).toThrow('Expected learningRate of 0 or more, got NaN');
  await refused({ schedule: () => -1 }).toThrow('Expected learningRate of 0 or more, got -0.01');
  await refused({ augment: [() => new Float32Array(4)] }).toThrow('Expected augmentations that keep 3 values, got 4');
  await refused({ trainable: new Set(['dense', 'dens']) }).toThrow('Expected ids of nodes to train, got "dens"');
});

test('samples that cannot teach are refused', async () => {
  const on = (samples: Samples) => expect(train(engine, fresh(), samples, plain, seed())).rejects;
  await on(points(0, 1)).toMatchObject({ code: 'bad-argument', message: 'Expected samples to train on, got 0' });
  const mislabelled = points(16, 1);
  mislabelled.labels[5] = 2;
  await on(mislabelled).toMatchObject({ code: 'bad-data', message: 'Expected labels from 0 to 1, got 2' });
  const other = { ...points(4, 1), classes: 3 };
  const options = { ...plain, earlyStopping: { validation: other, patience: 1 } };
  await expect(train(engine, fresh(), points(16, 1), options, seed())).rejects.toThrow(
    'Expected 2 target values a sample for softmax cross-entropy, got 3',
  );
});

test('measuring wants samples, and takes no networks for an answer', async () => {
  await expect(evaluate(engine, [network()], points(0, 1))).rejects.toThrow('Expected samples to measure on, got 0');
  expect(await evaluate(engine, [], points(4, 1))).toEqual([]);
});
