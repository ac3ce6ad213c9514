// Laws of supernetworks: what every genotype decodes to, and which variables matter.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { referenceEngine } from '../../src/engine/reference/reference-engine.ts';
import { costOf } from '../../src/network/cost.ts';
import { networkHash, nodeHashes } from '../../src/network/hash.ts';
import { mergeEqualNodes } from '../../src/network/merge-equal-nodes.ts';
import type { Network } from '../../src/network/network.ts';
import { validate } from '../../src/network/validate.ts';
import { RandomStream } from '../../src/random/stream.ts';
import { activeStitches, activeVariables, canonicalGenotype } from '../../stitching/active-variables.ts';
import { crossings } from '../../stitching/crossings.ts';
import { childNetwork, decode, resolveSwitches } from '../../stitching/decode.ts';
import { withFits } from '../../stitching/fit/fit-supernetwork.ts';
import { genotypeKey, parentGenotype, type Genotype } from '../../stitching/genotype.ts';
import { buildSupernetwork, type Supernetwork, type SupernetworkOptions } from '../../stitching/supernetwork.ts';
import { expectClose } from '../helpers/compare.ts';
import { flipped, outputChoices, randomGenotype, someGenotypes } from '../helpers/genotypes.ts';
import { maskedOutput, randomFits } from '../helpers/masked-supernetwork.ts';
import { ownTypes, supernetworkOptions } from '../helpers/own-stitch-types.ts';
import { randomInput } from '../helpers/random-network.ts';
import { randomPairs, type Kinship, type Pair } from '../helpers/random-pair.ts';

/** A supernetwork whose stitches are all different, as fitted ones are. */
function stitchedPair(pair: Pair, options: SupernetworkOptions): Supernetwork {
  const supernetwork = buildSupernetwork(pair.a, pair.b, options);
  return withFits(supernetwork, randomFits(supernetwork, pair.seed));
}

async function outputOf(network: Network, data: Float32Array, size: number): Promise<ArrayLike<number>> {
  const program = await referenceEngine.compile([network]);
  return (await program.forward({ size, data }))[0]!;
}

/** The network as ids and wires: equal for two children exactly if they have the same nodes, wired alike. */
function wiring({ nodes }: Network): string {
  return JSON.stringify(nodes.map(({ id, inputs }) => [id, inputs]));
}

test('with all switches off a child is its parent to the bit, or the mean of both', async () => {
  const size = 2;
  await fc.assert(
    fc.asyncProperty(randomPairs(), supernetworkOptions, async (pair, options) => {
      const supernetwork = stitchedPair(pair, options);
      const data = randomInput(pair.a.network, size, pair.seed);
      const parents: ArrayLike<number>[] = [];
      for (const [output, parent] of [['a', pair.a] as const, ['b', pair.b] as const]) {
        const child = decode(supernetwork, parentGenotype(supernetwork, output));
        expect(networkHash(child.network)).toBe(networkHash(parent.network));
        expect(child.network.nodes.length).toBe(parent.network.nodes.length);
        expect(costOf(child.network)).toEqual(costOf(parent.network));
        expect(Object.values(child.state.moments)).toEqual(expect.arrayContaining(Object.values(parent.state.moments)));
        const values = await outputOf(child.network, data, size);
        expect(values).toEqual(await outputOf(parent.network, data, size));
        parents.push(values);
      }
      const both = decode(supernetwork, parentGenotype(supernetwork, 'average'));
      const mean = Array.from(parents[0]!, (value, at) => (value + parents[1]![at]!) / 2);
      expectClose(await outputOf(both.network, data, size), mean, 1e-12, 'mean');
      // The mean of a network with itself is the network.
      if (pair.kinship === 'twins') expect(networkHash(both.network)).toBe(networkHash(pair.a.network));
    }),
    { numRuns: 60 },
  );
});

test('every genotype is a valid network that computes what the masked supernetwork does', async () => {
  const size = 1;
  const matchesOf = new Map<Kinship, number>();
  const types = new Set<string>();
  await fc.assert(
    fc.asyncProperty(randomPairs(), supernetworkOptions, async (pair, options) => {
      const supernetwork = stitchedPair(pair, options);
      const fits = randomFits(supernetwork, pair.seed);
      const rng = RandomStream.fromSeed(pair.seed);
      const data = randomInput(pair.a.network, size, pair.seed);
      for (const { type } of supernetwork.stitches) types.add(type);
      const matches = supernetwork.stitches.length / 2;
      matchesOf.set(pair.kinship, Math.max(matches, matchesOf.get(pair.kinship) ?? 0));
      const parentIds = new Set(supernetwork.nodes.map(({ id }) => id));
      expect(parentIds.size).toBe(supernetwork.nodes.length);
      const genotypes = someGenotypes(supernetwork, rng);
      for (const genotype of genotypes) {
        const { network, state } = decode(supernetwork, genotype);
        validate(network);
        const ids = new Set(network.nodes.map(({ id }) => id));
        for (const id of Object.keys(state.moments)) expect(ids).toContain(id);
        const trained = network.nodes.filter(({ id }) => supernetwork.state.moments[id]).map(({ id }) => id);
        expect(Object.keys(state.moments).sort()).toEqual(trained.sort());
      }
      for (const genotype of rng.shuffle(genotypes).slice(0, 12)) {
        const wanted = maskedOutput(supernetwork, fits, genotype, Float64Array.from(data), size);
        const actual = await outputOf(childNetwork(supernetwork, genotype), data, size);
        expect(Array.from(actual).every(Number.isFinite)).toBe(true);
        expectClose(actual, wanted, 1e-9, genotypeKey(genotype));
      }
    }),
    { numRuns: 60 },
  );
  for (const kinship of ['strangers', 'siblings', 'relatives', 'twins'] as const) {
    expect(matchesOf.get(kinship), kinship).toBeGreaterThanOrEqual(3);
  }
  expect([...types].sort()).toEqual(ownTypes.map(({ name }) => name).sort());
});

test('the active variables are exactly those that change the child', () => {
  const strange: readonly Kinship[] = ['strangers', 'siblings'];
  fc.assert(
    fc.property(randomPairs(), supernetworkOptions, (pair, options) => {
      const supernetwork = stitchedPair(pair, options);
      const rng = RandomStream.fromSeed(pair.seed);
      // Where layers are inherited, different wirings can compute the same: there the wires are compared.
      const childOf = (genotype: Genotype): string =>
        strange.includes(pair.kinship)
          ? networkHash(resolveSwitches(supernetwork, genotype))
          : wiring(resolveSwitches(supernetwork, genotype));
      for (const genotype of someGenotypes(supernetwork, rng, { matches: 1, sample: 8 })) {
        const child = childOf(genotype);
        const { switches, output } = activeVariables(supernetwork, genotype);
        switches.forEach((active, index) => {
          expect(childOf(flipped(genotype, index)) !== child, `${genotypeKey(genotype)} ${index}`).toBe(active);
        });
        for (const other of outputChoices.filter((choice) => choice !== genotype.output)) {
          expect(childOf({ ...genotype, output: other }) !== child).toBe(output);
        }
        const present = new Set(resolveSwitches(supernetwork, genotype).nodes.map(({ id }) => id));
        const stitches = supernetwork.stitches.filter(({ id }) => present.has(id)).map(({ id }) => id);
        expect(activeStitches(supernetwork, genotype)).toEqual(stitches);
      }
    }),
    { numRuns: 60 },
  );
});

test('genotypes have one canonical form exactly if their children are equal', () => {
  fc.assert(
    fc.property(randomPairs({ maxSteps: 4 }), supernetworkOptions, (pair, options) => {
      const supernetwork = stitchedPair(pair, options);
      const canonicalOf = new Map<string, string>();
      const childOf = new Map<string, string>();
      const genotypes = someGenotypes(supernetwork, RandomStream.fromSeed(pair.seed), { matches: 3, sample: 100 });
      for (const genotype of genotypes) {
        const canonical = canonicalGenotype(supernetwork, genotype);
        const key = genotypeKey(canonical);
        const child = wiring(resolveSwitches(supernetwork, genotype));
        expect(wiring(resolveSwitches(supernetwork, canonical))).toBe(child);
        expect(genotypeKey(canonicalGenotype(supernetwork, canonical))).toBe(key);
        expect(canonicalOf.get(child) ?? key).toBe(key);
        expect(childOf.get(key) ?? child).toBe(child);
        canonicalOf.set(child, key);
        childOf.set(key, child);
      }
    }),
    { numRuns: 60 },
  );
});

test('children can be crossed again for three generations, and no parent changes', async () => {
  const size = 2;
  await fc.assert(
    fc.asyncProperty(randomPairs({ maxSteps: 4 }), supernetworkOptions, async (pair, options) => {
      const rng = RandomStream.fromSeed(pair.seed);
      const data = randomInput(pair.a.network, size, pair.seed);
      let [a, b] = [pair.a, pair.b];
      for (let generation = 0; generation < 3; generation++) {
        const before = structuredClone([a, b]);
        const supernetwork = stitchedPair({ ...pair, a, b, seed: pair.seed + generation }, options);
        const fits = randomFits(supernetwork, pair.seed + generation);
        const ranked = crossings(supernetwork);
        const genotypes = [
          ranked.length > 0 ? rng.pick(ranked).genotype : parentGenotype(supernetwork, 'average'),
          randomGenotype(supernetwork, rng, 0.3),
        ];
        const children = genotypes.map((genotype) => decode(supernetwork, genotype));
        for (const [index, { network }] of children.entries()) {
          const wanted = maskedOutput(supernetwork, fits, genotypes[index]!, Float64Array.from(data), size);
          expectClose(await outputOf(network, data, size), wanted, 1e-9, `generation ${generation}`);
        }
        expect([a, b]).toEqual(before);
        [a, b] = [children[0]!, generation === 1 ? b : children[1]!];
      }
    }),
    { numRuns: 25 },
  );
});

test('merging equal nodes keeps every value and leaves no two alike', async () => {
  const size = 2;
  await fc.assert(
    fc.asyncProperty(randomPairs({ maxSteps: 5 }), async (pair) => {
      const supernetwork = stitchedPair(pair, { stitchEqualNodes: true });
      const rng = RandomStream.fromSeed(pair.seed);
      const data = randomInput(pair.a.network, size, pair.seed);
      const network = resolveSwitches(supernetwork, { ...randomGenotype(supernetwork, rng, 0.2), output: 'average' });
      const merged = mergeEqualNodes(network);
      validate(merged);
      expect(networkHash(merged)).toBe(networkHash(network));
      expect(new Set(nodeHashes(merged).values()).size).toBe(merged.nodes.length);
      expect(new Set(nodeHashes(network).values()).size).toBe(merged.nodes.length);
      expect(await outputOf(merged, data, size)).toEqual(await outputOf(network, data, size));
    }),
    { numRuns: 60 },
  );
});
