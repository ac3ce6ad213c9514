// Every genotype is a network: all of them for six matches, thousands of random ones for more.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { referenceEngine } from '../../src/engine/reference/reference-engine.ts';
import { NetworkBuilder } from '../../src/network/network-builder.ts';
import { inputNode, type Network } from '../../src/network/network.ts';
import { outputShape } from '../../src/network/shapes.ts';
import { validate } from '../../src/network/validate.ts';
import { RandomStream } from '../../src/random/stream.ts';
import { freshTrainingState, type TrainedNetwork } from '../../src/training/training-state.ts';
import { canonicalGenotype } from '../../stitching/active-variables.ts';
import { decode } from '../../stitching/decode.ts';
import { withFits } from '../../stitching/fit/fit-supernetwork.ts';
import { genotypeKey, type Genotype } from '../../stitching/genotype.ts';
import { buildSupernetwork, type Supernetwork } from '../../stitching/supernetwork.ts';
import { fuzzCases, fuzzTimeout } from '../helpers/fuzz-cases.ts';
import { someGenotypes } from '../helpers/genotypes.ts';
import { randomFits } from '../helpers/masked-supernetwork.ts';
import { randomInput } from '../helpers/random-network.ts';
import { randomPairs } from '../helpers/random-pair.ts';

const genotypesEach = 50;

/** Valid (so without a cycle, and all of it used), of the parents' shapes, and with a way from input to output. */
function expectChild({ parents }: Supernetwork, { network }: TrainedNetwork): void {
  validate(network);
  expect(inputNode(network).id).toBe(inputNode(parents[0].network).id);
  expect(outputShape(network)).toEqual(outputShape(parents[0].network));
}

async function expectFinite(network: Network, seed: number): Promise<void> {
  const program = await referenceEngine.compile([network]);
  const [output] = await program.forward({ size: 1, data: randomInput(network, 1, seed) });
  expect(Array.from(output!).every(Number.isFinite)).toBe(true);
}

test('random genotypes of more than six matches are valid networks', { timeout: fuzzTimeout }, async () => {
  const large = randomPairs({ maxSteps: 16, kinships: ['strangers', 'siblings'] })
    .map((pair) => ({ pair, unfitted: buildSupernetwork(pair.a, pair.b) }))
    .filter(({ unfitted }) => new Set(unfitted.stitches.map(pairOf)).size > 6);
  let children = 0;
  let most = 0;
  await fc.assert(
    fc.asyncProperty(large, async ({ pair: { seed }, unfitted }) => {
      const supernetwork = withFits(unfitted, randomFits(unfitted, seed));
      most = Math.max(most, new Set(unfitted.stitches.map(pairOf)).size);
      const genotypes = someGenotypes(supernetwork, RandomStream.fromSeed(seed), { matches: 0, sample: genotypesEach });
      for (const genotype of genotypes) expectChild(supernetwork, decode(supernetwork, genotype));
      children += genotypes.length;
      await expectFinite(decode(supernetwork, genotypes[0]!).network, seed);
    }),
    { numRuns: Math.ceil(fuzzCases / genotypesEach) },
  );
  expect(children).toBeGreaterThanOrEqual(fuzzCases);
  expect(most).toBeGreaterThan(7);
});

/** Both stitches of a match name the same two tensors. */
function pairOf({ from, to }: Supernetwork['stitches'][number]): string {
  return [from, to]
    .map(({ network, node }) => `${network} ${node}`)
    .sort()
    .join();
}

test('all genotypes of six matches are valid networks, and the canonical ones are all different', () => {
  const mlp = (seed: number, widths: readonly number[]): TrainedNetwork => {
    const net = new NetworkBuilder([4], RandomStream.fromSeed(seed));
    for (const units of [...widths, 2]) net.layer('dense', { units });
    return { network: net.build(), state: freshTrainingState };
  };
  const supernetwork = buildSupernetwork(mlp(1, [5, 3, 4, 2, 3, 6]), mlp(2, [2, 6, 3, 5, 4, 3]));
  expect(supernetwork.stitches).toHaveLength(12);
  const canonical = new Map<string, Genotype>();
  const genotypes = someGenotypes(supernetwork, RandomStream.fromSeed(1), { matches: 6 });
  expect(genotypes).toHaveLength(3 * 2 ** 12);
  for (const genotype of genotypes) {
    const form = canonicalGenotype(supernetwork, genotype);
    canonical.set(genotypeKey(form), form);
  }
  const wirings = new Set<string>();
  for (const genotype of canonical.values()) {
    const child = decode(supernetwork, genotype);
    expectChild(supernetwork, child);
    wirings.add(JSON.stringify(child.network.nodes.map(({ id, inputs }) => [id, inputs])));
  }
  expect(wirings.size).toBe(canonical.size);
});
