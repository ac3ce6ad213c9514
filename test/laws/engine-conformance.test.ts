// Every engine agrees with the float64 reference: forward values of every node, gradients, training steps, sums.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { onnxEngine } from '../../src/engine/onnx/onnx-engine.ts';
import type { Engine, Program } from '../../src/engine/engine.ts';
import { referenceEngine } from '../../src/engine/reference/reference-engine.ts';
import { layerKinds } from '../../src/layers/registry.ts';
import type { Network } from '../../src/network/network.ts';
import { RandomStream } from '../../src/random/stream.ts';
import { adam } from '../../src/training/optimisers/adam.ts';
import { expectClose, largest } from '../helpers/compare.ts';
import { randomInput, randomNetworks, randomTargets } from '../helpers/random-network.ts';

const forwardTolerance = 1e-5;
// Of the network's largest gradient: behind batch norm in train mode gradients cancel almost wholly, so a parameter's
// own largest gradient is no measure; small deviations in a batch of two cost two more digits.
const gradientTolerance = 1e-4;

/** On the engine and on the reference, with the same noise. */
function compiledForTraining(engine: Engine, network: Network, seed: number): Promise<[Program, Program]> {
  const compile = (own: Engine): Promise<Program> =>
    own.compile([network], { noise: RandomStream.fromSeed(`noise ${seed}`) });
  return Promise.all([compile(engine), compile(referenceEngine)]);
}

function missingIn(seen: ReadonlySet<string>): string[] {
  return layerKinds.map((kind) => kind.kind).filter((kind) => !seen.has(kind));
}

describe.each([onnxEngine()])('$name engine', (engine) => {
  test('forward values of every node', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(randomNetworks(), fc.integer({ min: 1, max: 5 }), async ({ network, recipe }, size) => {
        const batch = { size, data: randomInput(network, size, recipe.seed) };
        const refs = network.nodes.slice(1).map((node) => ({ network: 0, node: node.id }));
        const [program, reference] = await Promise.all([engine.compile([network]), referenceEngine.compile([network])]);
        const [actual, wanted] = await Promise.all([program.forward(batch, refs), reference.forward(batch, refs)]);
        refs.forEach(({ node }, i) => {
          expectClose(actual[i]!, wanted[i]!, forwardTolerance, node);
        });
        for (const node of network.nodes) seen.add(node.kind);
        await program.dispose();
      }),
      { numRuns: 250 },
    );
    expect(missingIn(seen)).toEqual([]);
  });

  test('gradients of every parameter', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(randomNetworks(), fc.integer({ min: 2, max: 5 }), async ({ network, recipe }, size) => {
        const batch = { size, data: randomInput(network, size, recipe.seed) };
        const targets = randomTargets(size, recipe.seed);
        const [program, reference] = await compiledForTraining(engine, network, recipe.seed);
        const actual = await program.gradients(batch, targets);
        const wanted = await reference.gradients(batch, targets);
        expect(Math.abs(actual.loss - wanted.loss)).toBeLessThan(gradientTolerance * Math.max(1, wanted.loss));
        expect(Object.keys(actual.gradients).sort()).toEqual(Object.keys(wanted.gradients).sort());
        const scale = largest(Object.values(wanted.gradients).flatMap((byName) => Object.values(byName)));
        for (const [id, byName] of Object.entries(wanted.gradients)) {
          for (const [name, values] of Object.entries(byName)) {
            expectClose(actual.gradients[id]![name]!, values, gradientTolerance, `${id}.${name}`, scale);
          }
        }
        for (const node of network.nodes) seen.add(node.kind);
        await program.dispose();
      }),
      { numRuns: 600 },
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
        await program.step(batch, targets, optimiser);
        await reference.step(batch, targets, optimiser);
        const [actual, wanted] = [program.snapshot(), reference.snapshot()];
        const firsts = Object.values(wanted.state.moments).flatMap((byName) => Object.values(byName));
        const scale = largest(firsts.map(({ first }) => first!.data));
        for (const node of wanted.network.nodes) {
          const own = actual.network.nodes.find(({ id }) => id === node.id)!;
          for (const [name, { data }] of Object.entries(node.params)) {
            const moments = wanted.state.moments[node.id]![name];
            if (moments) {
              const got = actual.state.moments[node.id]![name]!;
              expectClose(got.first!.data, moments.first!.data, gradientTolerance, `${node.id}.${name} first`, scale);
              expectClose(got.age.data, moments.age.data, 0, `${node.id}.${name} age`);
            } else expectClose(own.params[name]!.data, data, forwardTolerance, `${node.id}.${name}`);
          }
        }
        await program.dispose();
      }),
      { numRuns: 60 },
    );
  });
});
