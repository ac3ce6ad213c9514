// Every engine agrees with the float64 reference: forward values of every node, gradients, training steps, sums.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { onnxEngine } from '../../src/engine/onnx/onnx-engine.ts';
import { tfjsEngine } from '../../src/engine/tfjs/tfjs-engine.ts';
import type { CompileOptions, Engine, Program } from '../../src/engine/engine.ts';
import { defaultLoss } from '../../src/engine/default-loss.ts';
import { referenceEngine } from '../../src/engine/reference/reference-engine.ts';
import { layerKinds } from '../../src/layers/registry.ts';
import { outputNode, type Network } from '../../src/network/network.ts';
import { RandomStream } from '../../src/random/stream.ts';
import { adam } from '../../src/training/optimisers/adam.ts';
import { expectClose, largest, relativeError } from '../helpers/compare.ts';
import { randomInput, randomNetworks, randomTargets } from '../helpers/random-network.ts';
import { gradientRounding, insideLayers, roundedOutputs } from '../helpers/rounding.ts';

// The seed is fixed: about one random network in thousands cancels its digits beyond any fair tolerance.
const forwardTolerance = 1e-5;
// Of the network's largest gradient: behind batch norm in train mode gradients cancel almost wholly, so a parameter's
// own largest gradient is no measure.
const gradientTolerance = 1e-4;

function noiseOf(seed: number): RandomStream {
  return RandomStream.fromSeed(`noise ${seed}`);
}

/** On the engine and on the reference, with the same noise. */
function compiledForTraining(
  engine: Engine,
  network: Network,
  seed: number,
  trainable?: ReadonlySet<string>,
): Promise<[Program, Program]> {
  const options = (): CompileOptions => ({ noise: noiseOf(seed), ...(trainable && { trainable }) });
  const compile = (own: Engine): Promise<Program> => own.compile([network], options());
  return Promise.all([compile(engine), compile(referenceEngine)]);
}

function missingIn(seen: ReadonlySet<string>): string[] {
  return layerKinds.map((kind) => kind.kind).filter((kind) => !seen.has(kind));
}

describe.each([onnxEngine(), await tfjsEngine({ backend: 'cpu' })])('$name engine', (engine) => {
  test('forward values of every node', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(randomNetworks(), fc.integer({ min: 1, max: 5 }), async ({ network, recipe }, size) => {
        const batch = { size, data: randomInput(network, size, recipe.seed) };
        const refs = network.nodes.slice(1).map((node) => ({ network: 0, node: node.id }));
        const [program, reference] = await Promise.all([engine.compile([network]), referenceEngine.compile([network])]);
        const [actual, wanted] = await Promise.all([program.forward(batch, refs), reference.forward(batch, refs)]);
        const rounded = roundedOutputs(network, batch, () => 'eval');
        network.nodes.slice(1).forEach(({ id, inputs }, i) => {
          // What is left of inputs that cancel, or are cut off, has their rounding.
          const scale = Math.max(1e-2, 0.1 * largest(inputs.map((input) => rounded.get(input)!)));
          const slack = relativeError(rounded.get(id)!, wanted[i]!, scale);
          expectClose(actual[i]!, wanted[i]!, forwardTolerance + 10 * slack, id, scale);
        });
        for (const node of network.nodes) seen.add(node.kind);
        await program.dispose();
      }),
      { numRuns: 250, seed: 7 },
    );
    expect(missingIn(seen)).toEqual([]);
  });

  test.each([
    ['every parameter', 600, 0],
    ['what is not frozen', 200, 0.4],
  ])('gradients of %s', async (_, numRuns, frozenShare) => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(randomNetworks(), fc.integer({ min: 2, max: 5 }), async ({ network, recipe }, size) => {
        const batch = { size, data: randomInput(network, size, recipe.seed) };
        const targets = randomTargets(size, recipe.seed);
        const rng = RandomStream.fromSeed(`frozen ${recipe.seed}`);
        const { id: last } = outputNode(network);
        const free = network.nodes.map(({ id }) => id).filter((id) => id === last || rng.float() >= frozenShare);
        const trainable = new Set(free);
        const [program, reference] = await compiledForTraining(engine, network, recipe.seed, trainable);
        const actual = await program.gradients(batch, targets);
        const wanted = await reference.gradients(batch, targets);
        expect(Math.abs(actual.loss - wanted.loss)).toBeLessThan(gradientTolerance * Math.max(1, wanted.loss));
        expect(Object.keys(actual.gradients).sort()).toEqual(Object.keys(wanted.gradients).sort());
        const { scale, slack } = gradientRounding(
          network,
          batch,
          targets,
          noiseOf(recipe.seed),
          wanted.gradients,
          defaultLoss,
          trainable,
        );
        const tolerance = gradientTolerance + insideLayers * slack;
        for (const [id, byName] of Object.entries(wanted.gradients)) {
          for (const [name, values] of Object.entries(byName)) {
            expectClose(actual.gradients[id]![name]!, values, tolerance, `${id}.${name}`, scale);
          }
        }
        for (const node of network.nodes) seen.add(node.kind);
        await program.dispose();
      }),
      { numRuns, seed: 7 },
    );
    expect(missingIn(seen)).toEqual([]);
  });

  test('training steps, moments and running statistics', async () => {
    await fc.assert(
      fc.asyncProperty(randomNetworks({ maxSteps: 5 }), async ({ network, recipe }) => {
        const size = 4;
        const batch = { size, data: randomInput(network, size, recipe.seed) };
        const targets = randomTargets(size, recipe.seed);
        const [program, reference] = await compiledForTraining(engine, network, recipe.seed);
        const optimiser = { ...adam(0.01) };
        const { gradients } = await reference.gradients(batch, targets);
        const { scale, slack } = gradientRounding(network, batch, targets, noiseOf(recipe.seed), gradients);
        await program.step(batch, targets, optimiser);
        await reference.step(batch, targets, optimiser);
        const [actual, wanted] = await Promise.all([program.snapshot(), reference.snapshot()]);
        // After one step a tenth of the gradient.
        const [first, tolerance] = [0.1 * scale, gradientTolerance + insideLayers * slack];
        for (const node of wanted.network.nodes) {
          const own = actual.network.nodes.find(({ id }) => id === node.id)!;
          for (const [name, { data }] of Object.entries(node.params)) {
            const moments = wanted.state.moments[node.id]![name];
            if (moments) {
              const got = actual.state.moments[node.id]![name]!;
              expectClose(got.first!.data, moments.first!.data, tolerance, `${node.id}.${name} first`, first);
              expectClose(got.age.data, moments.age.data, 0, `${node.id}.${name} age`);
            } else expectClose(own.params[name]!.data, data, forwardTolerance, `${node.id}.${name}`);
          }
        }
        await program.dispose();
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});
