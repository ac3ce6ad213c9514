// Every loss and optimiser does the same on every engine, and a training that is saved and loaded goes on exactly.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { horizontalFlip, padAndCrop } from '../../src/data/augment.ts';
import { allocateSamples, type Samples } from '../../src/data/samples.ts';
import { trainableParams } from '../../src/engine/backward-plan.ts';
import { emitUpdate, nextName, slotName } from '../../src/engine/onnx/emit-update.ts';
import { onnxEngine } from '../../src/engine/onnx/onnx-engine.ts';
import { OnnxGraph } from '../../src/engine/onnx/onnx-graph.ts';
import { createSession, floats, ortTensor } from '../../src/engine/onnx/session.ts';
import { referenceEngine } from '../../src/engine/reference/reference-engine.ts';
import { loadSafetensors, saveSafetensors } from '../../src/formats/safetensors.ts';
import type { Network } from '../../src/network/network.ts';
import { inputNode } from '../../src/network/network.ts';
import { layersOf } from '../../src/network/shapes.ts';
import { tensor } from '../../src/network/tensor.ts';
import { RandomStream } from '../../src/random/stream.ts';
import { loadModel, saveModel } from '../../src/store/model-store.ts';
import { binaryCrossEntropy } from '../../src/training/losses/binary-cross-entropy.ts';
import { distillation } from '../../src/training/losses/distillation.ts';
import { meanSquaredError } from '../../src/training/losses/mean-squared-error.ts';
import { softmaxCrossEntropy } from '../../src/training/losses/softmax-cross-entropy.ts';
import { adamW } from '../../src/training/optimisers/adam-w.ts';
import { adam } from '../../src/training/optimisers/adam.ts';
import type { Optimiser } from '../../src/training/optimisers/optimiser.ts';
import { sgd } from '../../src/training/optimisers/sgd.ts';
import type { TrainOptions } from '../../src/training/train-options.ts';
import { Trainer } from '../../src/training/trainer.ts';
import { freshTrainingState, type TrainedNetwork, type TrainingState } from '../../src/training/training-state.ts';
import { expectClose } from '../helpers/compare.ts';
import { classes, randomInput, randomNetworks } from '../helpers/random-network.ts';
import { gradientRounding, insideLayers } from '../helpers/rounding.ts';
import { memoryStore } from '../unit/training/memory-store.ts';

const losses = [
  softmaxCrossEntropy(),
  softmaxCrossEntropy({ smoothing: 0.2 }),
  binaryCrossEntropy,
  meanSquaredError,
  distillation({ temperature: 3, weight: 0.4, smoothing: 0.1 }),
];

const optimisers: readonly ((rate: number) => Optimiser)[] = [
  sgd,
  (rate) => sgd(rate, { momentum: 0.9, weightDecay: 0.1 }),
  (rate) => sgd(rate, { momentum: 0.8, nesterov: true }),
  adam,
  (rate) => adam(rate, { beta1: 0.7, beta2: 0.95, epsilon: 1e-3 }),
  (rate) => adamW(rate, { weightDecay: 0.2 }),
];

const engines = [onnxEngine(), referenceEngine];

/** Any numbers for the labels, which need not be a choice of one class. */
function targetsFor(width: number, size: number, seed: number): Float32Array {
  const rng = RandomStream.fromSeed(`wanted ${seed}`);
  return Float32Array.from({ length: size * width }, () => rng.float());
}

test.each(losses)('onnx and reference agree on $name $settings, and on its gradients', async (loss) => {
  await fc.assert(
    fc.asyncProperty(randomNetworks({ maxSteps: 5 }), fc.integer({ min: 2, max: 5 }), async (made, size) => {
      const { network, recipe } = made;
      const batch = { size, data: randomInput(network, size, recipe.seed) };
      const targets = targetsFor(loss.targetWidth(classes), size, recipe.seed);
      const noise = (): RandomStream => RandomStream.fromSeed(recipe.seed);
      const [onnx, reference] = await Promise.all(
        engines.map(async (engine) => {
          const program = await engine.compile([network], { noise: noise() });
          const result = await program.gradients(batch, targets, { loss });
          await program.dispose();
          return result;
        }),
      );
      expect(Math.abs(onnx!.loss - reference!.loss)).toBeLessThan(1e-4 * Math.max(1, reference!.loss));
      expect(onnx!.correct === undefined).toBe(reference!.correct === undefined);
      const { scale, slack } = gradientRounding(network, batch, targets, noise(), reference!.gradients, loss);
      for (const [id, byName] of Object.entries(reference!.gradients)) {
        for (const [name, values] of Object.entries(byName)) {
          expectClose(onnx!.gradients[id]![name]!, values, 1e-4 + insideLayers * slack, `${id}.${name}`, scale);
        }
      }
    }),
    { numRuns: 40, seed: 7 },
  );
});

/** Ages per entry: some never updated (slots 0), the others of a random age. */
interface Vectors {
  readonly values: number[];
  readonly slots: Record<string, number[]>;
  readonly ages: number[];
  readonly decays: boolean[];
}

function randomVectors(optimiser: Optimiser, length: number, rng: RandomStream): Vectors {
  const isOld = Array.from({ length }, () => rng.float() < 0.6);
  const old = (draw: () => number): number[] => isOld.map((kept) => (kept ? Math.fround(draw()) : 0));
  // Second moments are never below 0, and a velocity of one sign is as good as any.
  const slots = optimiser.slots.map((slot) => [slot, old(() => 0.01 + 0.1 * rng.float())] as const);
  return {
    values: isOld.map(() => Math.fround(rng.normal())),
    slots: Object.fromEntries(slots),
    ages: old(() => 1 + rng.int(500)),
    decays: isOld.map(() => rng.float() < 0.5),
  };
}

describe.each(optimisers.map((make) => ({ make, ...make(0.01) })))('$name $settings', ({ make }) => {
  test('four updates of mixed ages are the same as ONNX operations, clipped or not', async () => {
    const cases = fc.record({
      seed: fc.nat(),
      length: fc.integer({ min: 1, max: 9 }),
      clipNorm: fc.constantFrom(undefined, 0.1, 1e9),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ seed, length, clipNorm }) => {
        const rng = RandomStream.fromSeed(seed);
        const start = randomVectors(make(0), length, rng);
        const graph = new OnnxGraph();
        const weights = graph.input('weights', [length]);
        const gradients = graph.input('gradients', [length]);
        const decays = (): string => graph.constant([length], Float32Array.from(start.decays, Number));
        emitUpdate(graph, { weights, gradients, decays }, { length, ages: length }, { optimiser: make(0), clipNorm });
        const session = await createSession(graph, {});
        const held = (values: readonly number[]) => ortTensor([length], Float32Array.from(values));
        const slotFeeds = Object.entries(start.slots).map(([slot, values]) => [slotName(slot), held(values)] as const);
        let feeds = { weights: held(start.values), age: held(start.ages), ...Object.fromEntries(slotFeeds) };

        let entries = start.values.map((value, i) => ({
          value,
          slots: Object.fromEntries(Object.entries(start.slots).map(([slot, values]) => [slot, values[i]!])),
        }));
        for (let step = 1; step <= 4; step++) {
          const optimiser = make(0.03 / step);
          const slopes = Array.from({ length }, () => Math.fround((rng.int(2) - 0.5) * (0.01 + rng.float())));
          const norm = Math.sqrt(slopes.reduce((sum, slope) => sum + slope * slope, 0));
          const share = clipNorm === undefined ? 1 : Math.min(1, clipNorm / norm);
          entries = entries.map((entry, i) =>
            optimiser.update(entry, share * slopes[i]!, { age: start.ages[i]! + step, decays: start.decays[i]! }),
          );
          const next = await session.run({
            ...feeds,
            gradients: held(slopes),
            learningRate: ortTensor([1], Float32Array.of(optimiser.learningRate)),
          });
          feeds = Object.fromEntries(Object.keys(feeds).map((name) => [name, next[nextName(name)]!])) as typeof feeds;
        }
        expectClose(
          floats(feeds, 'weights'),
          entries.map((entry) => entry.value),
          1e-5,
          'weights',
          0.03,
        );
        for (const slot of make(0).slots) {
          expectClose(
            floats(feeds, slotName(slot)),
            entries.map((entry) => entry.slots[slot]!),
            1e-5,
            slot,
            1e-2,
          );
        }
        expect(Array.from(floats(feeds, 'age'))).toEqual(start.ages.map((age) => age + 4));
        await session.release();
      }),
      { numRuns: 25 },
    );
  });

  test('three steps on networks of mixed ages: slots, ages and weights agree', async () => {
    await fc.assert(
      fc.asyncProperty(randomNetworks({ maxSteps: 4 }), async ({ network, recipe }) => {
        const state = mixedState(network, make(0), recipe.seed);
        const size = 4;
        const [onnx, reference] = await Promise.all(
          engines.map(async (engine) => {
            const program = await engine.compile([network], { state, noise: RandomStream.fromSeed(recipe.seed) });
            for (let step = 0; step < 3; step++) {
              const batch = { size, data: randomInput(network, size, recipe.seed + step) };
              const targets = targetsFor(classes, size, recipe.seed + step);
              await program.step(batch, targets, make(0.01), { clipNorm: 0.5 });
            }
            const trained = await program.snapshot();
            await program.dispose();
            return trained;
          }),
        );
        for (const { id, params } of reference!.network.nodes) {
          const own = onnx!.network.nodes.find((node) => node.id === id)!;
          for (const [name, { data }] of Object.entries(params)) {
            const memory = reference!.state.moments[id]?.[name];
            if (!memory) continue;
            for (const [part, values] of Object.entries(memory)) {
              const got = onnx!.state.moments[id]![name]![part]!;
              expectClose(got.data, values.data, part === 'age' ? 0 : 2e-4, `${id}.${name} ${part}`, 0.5);
            }
            // A gradient that is nothing but rounding makes Adam take steps of the learning rate, to either side; so it
            // is with a bias before batch norm, which then moves the running mean: statistics are left out.
            const leading = memory[make(0).slots[0]!]!.data;
            const isClear = (_: number, i: number): boolean => Math.abs(leading[i]!) > 1e-3;
            expectClose(own.params[name]!.data.filter(isClear), data.filter(isClear), 2e-4, `${id}.${name}`, 1);
          }
        }
      }),
      // Always the same networks: in one of 20,000 a young entry's first gradient is nothing but rounding, and the step
      // it takes all the same shows in what follows.
      { numRuns: 30, seed: 1 },
    );
  });
});

function mixedState(network: Network, optimiser: Optimiser, seed: number): TrainingState {
  const moments = network.nodes.map((node) => {
    const rng = RandomStream.fromSeed(`mixed ${seed}`).fork(node.id);
    const byName = trainableParams(node).map((name) => {
      const { shape, data } = node.params[name]!;
      const { slots, ages } = randomVectors(optimiser, data.length, rng);
      const held = (values: readonly number[]) => tensor(shape, Float32Array.from(values));
      const parts = Object.entries(slots).map(([slot, values]) => [slot, held(values)] as const);
      return [name, { ...Object.fromEntries(parts), age: held(ages) }] as const;
    });
    return [node.id, Object.fromEntries(byName)] as const;
  });
  return { moments: Object.fromEntries(moments) };
}

function randomSamples(network: Network, count: number, seed: number): Samples {
  const shape = layersOf(network).get(inputNode(network).id)!.output;
  const samples = allocateSamples(shape, classes, count);
  const rng = RandomStream.fromSeed(`samples ${seed}`);
  samples.inputs.set(randomInput(network, count, seed));
  samples.labels.forEach((_, i) => (samples.labels[i] = rng.int(classes)));
  return samples;
}

describe.each(engines)('$name engine', (engine) => {
  test('k + m steps are k steps, saving, loading and m steps, bit for bit, in the midst of an epoch too', async () => {
    const inputs = fc.record({
      optimiser: fc.constantFrom(...optimisers),
      count: fc.integer({ min: 5, max: 17 }),
      batchSize: fc.integer({ min: 2, max: 6 }),
      cuts: fc.uniqueArray(fc.integer({ min: 0, max: 14 }), { minLength: 1, maxLength: 2 }),
      stops: fc.boolean(),
      inOneFile: fc.boolean(),
    });
    const property = fc.asyncProperty(randomNetworks({ maxSteps: 4 }), inputs, async ({ network, recipe }, chosen) => {
      const samples = randomSamples(network, chosen.count, recipe.seed);
      const isImage = samples.shape.length === 3;
      const options: TrainOptions = {
        epochs: 4,
        batchSize: chosen.batchSize,
        learningRate: 0.01,
        optimiser: chosen.optimiser,
        clipNorm: 1,
        loss: softmaxCrossEntropy({ smoothing: 0.1 }),
        ...(isImage && { augment: [horizontalFlip(), padAndCrop(1)] }),
        ...(chosen.stops && { earlyStopping: { validation: randomSamples(network, 9, recipe.seed + 1), patience: 1 } }),
      };
      const parent: TrainedNetwork = { network, state: freshTrainingState };
      const start = () => Trainer.start(engine, parent, samples, options, RandomStream.fromSeed(recipe.seed));

      const whole = await start();
      while (!whole.finished) await whole.step();

      const store = memoryStore();
      let part = await start();
      for (let step = 0; !part.finished; step++) {
        if (chosen.cuts.includes(step)) {
          const saved = await part.state();
          const loaded = chosen.inOneFile
            ? loadSafetensors(saveSafetensors(saved))
            : await loadModel(store, await saveModel(store, saved));
          expect(loaded).toEqual(saved);
          await part.dispose();
          part = await Trainer.resume(engine, loaded, samples, options);
        }
        await part.step();
      }
      expect(await part.result()).toEqual(await whole.result());
      expect(await part.state()).toEqual(await whole.state());
      await Promise.all([whole.dispose(), part.dispose()]);
    });
    await fc.assert(property, { numRuns: 30 });
  });
});
