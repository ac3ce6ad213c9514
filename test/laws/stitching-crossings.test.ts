// Laws of crossings: which children they are, what these cost, what they share with their parents, and how a
// population draws them.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Individual } from '../../population/individual.ts';
import { PairingCache, stitch } from '../../population/variation.ts';
import { allocateSamples } from '../../src/data/samples.ts';
import { referenceEngine } from '../../src/engine/reference/reference-engine.ts';
import { costOf } from '../../src/network/cost.ts';
import { pruneTo } from '../../src/network/edit.ts';
import { networkHash, nodeHashes } from '../../src/network/hash.ts';
import type { Network, NetworkNode } from '../../src/network/network.ts';
import { inputNode } from '../../src/network/network.ts';
import { layersOf, outputShape } from '../../src/network/shapes.ts';
import { RandomStream } from '../../src/random/stream.ts';
import { train } from '../../src/training/train.ts';
import type { TrainedNetwork } from '../../src/training/training-state.ts';
import { canonicalGenotype } from '../../stitching/active-variables.ts';
import { crossings, doubleCrossings, singleCrossings, type Crossing } from '../../stitching/crossings.ts';
import { decode } from '../../stitching/decode.ts';
import { applyFits } from '../../stitching/fit/fit-plan.ts';
import { genotypeKey, genotypeWith } from '../../stitching/genotype.ts';
import { idsOfSecond } from '../../stitching/join-parents.ts';
import { buildSupernetwork, type Supernetwork } from '../../stitching/supernetwork.ts';
import { individualOf } from '../helpers/evaluated.ts';
import { randomFits } from '../helpers/masked-supernetwork.ts';
import { supernetworkOptions } from '../helpers/own-stitch-types.ts';
import { randomInput } from '../helpers/random-network.ts';
import { randomPairs } from '../helpers/random-pair.ts';

const keysOf = (listed: readonly Crossing[]): string[] => listed.map(({ genotype }) => genotypeKey(genotype));

/** Wires by id: unfitted stitches are all the identity, so that hashes do not tell them apart. */
const wiring = ({ nodes }: Network): string => JSON.stringify(nodes.map(({ id, inputs }) => [id, inputs]));

const chainNodes = ({ stitches }: Supernetwork): Set<string> => new Set(stitches.flatMap(({ chain }) => chain));

test('crossings are the children with one stitch, and with one there and one back; each costs what it computes', () => {
  fc.assert(
    fc.property(randomPairs(), supernetworkOptions, (pair, options) => {
      const supernetwork = buildSupernetwork(pair.a, pair.b, options);
      const { stitches } = supernetwork;
      const single = stitches.map(({ to }, index) => genotypeWith(supernetwork, [index], to.network === 0 ? 'a' : 'b'));
      // Out of its parent at one match, and back at a later one of the other parent.
      const double = stitches.flatMap((back, at) =>
        stitches.flatMap((there, before) => {
          if (back.to.network === there.to.network || back.from.node === there.to.node) return [];
          const { nodes } = pruneTo(supernetwork.parents[there.to.network].network.nodes, back.from.node);
          if (!nodes.some(({ id }) => id === there.to.node)) return [];
          return [genotypeWith(supernetwork, [at, before], back.to.network === 0 ? 'a' : 'b')];
        }),
      );
      const parents = [pair.a, pair.b].map(({ network }) => networkHash(network));
      const children = new Set<string>();
      for (const [listed, wanted] of [
        [singleCrossings(supernetwork), single] as const,
        [doubleCrossings(supernetwork), double] as const,
      ]) {
        expect(keysOf(listed).sort()).toEqual(wanted.map(genotypeKey).sort());
        const macs = listed.map(({ cost }) => cost.macs);
        expect(macs).toEqual(macs.toSorted((one, other) => one - other));
        for (const { genotype, cost } of listed.slice(0, 60)) {
          const { network } = decode(supernetwork, genotype);
          expect(cost).toEqual(costOf(network));
          expect(parents).not.toContain(networkHash(network));
          expect(canonicalGenotype(supernetwork, genotype)).toEqual(genotype);
          expect(children).not.toContain(wiring(network));
          children.add(wiring(network));
        }
      }
      const both = [...singleCrossings(supernetwork), ...doubleCrossings(supernetwork)];
      const inOrder = both.sort((one, other) => one.cost.macs - other.cost.macs);
      expect(keysOf(crossings(supernetwork))).toEqual(keysOf(inOrder));
    }),
    { numRuns: 60 },
  );
});

test('a child of a crossing differs from its parents by its stitches alone, fitted and trained too', async () => {
  const count = 4;
  await fc.assert(
    fc.asyncProperty(randomPairs({ maxSteps: 6, maxMacs: 5000 }), supernetworkOptions, async (pair, options) => {
      const supernetwork = buildSupernetwork(pair.a, pair.b, options);
      const all = crossings(supernetwork);
      fc.pre(all.length > 0);
      const rng = RandomStream.fromSeed(pair.seed);
      // What the parents were before anything was done: a child may share tensors that somebody wrote to.
      const before = structuredClone([pair.a, pair.b]);
      const own = chainNodes(supernetwork);
      const { genotype } = rng.pick(all);
      const child = decode(supernetwork, genotype);
      expectParentsBut(own, child, before, supernetwork);

      const present = new Set(child.network.nodes.map(({ id }) => id));
      const fits = randomFits(supernetwork, pair.seed).filter(({ node }) => present.has(node));
      expect(fits.length).toBe(genotype.switches.filter(Boolean).length);
      const fitted = applyFits(child, fits);
      expectParentsBut(own, fitted, before, supernetwork);

      const layers = layersOf(fitted.network);
      const samples = allocateSamples(
        layers.get(inputNode(fitted.network).id)!.output,
        outputShape(fitted.network)[0]!,
        count,
      );
      samples.inputs.set(randomInput(fitted.network, count, pair.seed));
      const trainable = new Set(fits.map(({ node }) => node));
      const brief = { epochs: 1, batchSize: count, learningRate: 0.1, trainable };
      const { loss, ...trained } = await train(referenceEngine, fitted, samples, brief, rng);
      expect(loss).toBeTypeOf('number');
      expectParentsBut(own, trained, before, supernetwork);
      expect([pair.a, pair.b]).toEqual(before);
    }),
    { numRuns: 40 },
  );
});

/** Every node that is no stitch is a parent's, to the bit, and reads what it read there, or a stitch in its place. */
function expectParentsBut(
  own: ReadonlySet<string>,
  { network, state }: TrainedNetwork,
  parents: readonly TrainedNetwork[],
  { stitches }: Supernetwork,
): void {
  const [a, b] = parents.map((parent) => parent.network) as [Network, Network];
  const origins = new Map<string, { node: NetworkNode; parent: TrainedNetwork; ids: ReadonlyMap<string, string> }>();
  const idsOfFirst = new Map(a.nodes.map(({ id }) => [id, id]));
  for (const [index, ids] of [idsOfSecond(a, b), idsOfFirst].entries()) {
    const parent = parents[1 - index]!;
    for (const node of parent.network.nodes) origins.set(ids.get(node.id)!, { node, parent, ids });
  }
  const hashOf = (id: string): string => {
    const { node, parent } = origins.get(id)!;
    return nodeHashes(parent.network).get(node.id)!;
  };
  for (const { id, kind, attributes, params, inputs } of network.nodes.filter((node) => !own.has(node.id))) {
    const { node, parent, ids } = origins.get(id)!;
    expect({ kind, attributes, params }).toEqual({ kind: node.kind, attributes: node.attributes, params: node.params });
    expect(state.moments[id]).toEqual(parent.state.moments[node.id]);
    inputs.forEach((input, at) => {
      const usual = ids.get(node.inputs[at]!)!;
      // Of equal nodes a child has one, which may be the other parent's.
      if (own.has(input)) expect(stitches.find(({ chain }) => chain.at(-1) === input)!.replaces).toBe(usual);
      else expect(hashOf(input)).toBe(hashOf(usual));
    });
  }
}

test('a population draws crossings, of which only the stitches are to be trained', () => {
  fc.assert(
    fc.property(randomPairs(), fc.nat(1000), (pair, seed) => {
      const [a, b] = [individualOf('a', pair.a), individualOf('b', pair.b)];
      const supernetwork = buildSupernetwork(pair.a, pair.b);
      const variation = stitch(a, b, new PairingCache(), RandomStream.fromSeed(seed));
      const all = crossings(supernetwork);
      expect(variation === undefined).toBe(all.length === 0);
      if (!variation) return;
      const { child, trainable, stitching } = variation;
      const own = new Set(supernetwork.stitches.map(({ id }) => id));
      const stitches = child.network.nodes.map(({ id }) => id).filter((id) => own.has(id));
      expect([...trainable!].sort()).toEqual(stitches.sort());
      expect([1, 2]).toContain(stitches.length);
      expect(stitching!.fits.map(({ node }) => node).sort()).toEqual(stitches);
      const children = all.map(({ genotype }) => decode(supernetwork, genotype).network);
      expect(children.map(wiring)).toContain(wiring(child.network));
    }),
    { numRuns: 60 },
  );
});

test('what a population draws does not depend on which pairs it met before', () => {
  const parents = fc.array(randomPairs({ maxSteps: 4 }), { minLength: 20, maxLength: 20 });
  fc.assert(
    fc.property(randomPairs({ maxSteps: 4, kinships: ['strangers', 'siblings'] }), parents, (pair, others) => {
      const pairings = new PairingCache();
      const draw = ([a, b]: [Individual, Individual], cache: PairingCache): unknown =>
        stitch(a, b, cache, RandomStream.fromSeed(pair.seed));
      const chosen: [Individual, Individual] = [individualOf('a', pair.a), individualOf('b', pair.b)];
      const first = draw(chosen, pairings);
      const known = pairings.of(...chosen);
      expect(pairings.of(...chosen)).toBe(known);
      others.forEach(({ a, b }, at) => draw([individualOf(`${at}a`, a), individualOf(`${at}b`, b)], pairings));
      // Twenty pairs later this one is forgotten.
      expect(pairings.of(...chosen)).not.toBe(known);
      expect(draw(chosen, pairings)).toEqual(first);
      expect(draw(chosen, new PairingCache())).toEqual(first);
    }),
    { numRuns: 5 },
  );
});
