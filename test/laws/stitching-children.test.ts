// Laws of children as networks of their own: folded, mutated, saved, exported and stitched again.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mergeLinearLayers } from '../../operators/merge-linear-layers.ts';
import { operators } from '../../operators/registry.ts';
import { onnxEngine } from '../../src/engine/onnx/onnx-engine.ts';
import { referenceEngine } from '../../src/engine/reference/reference-engine.ts';
import { exportOnnx } from '../../src/formats/onnx/export-onnx.ts';
import { importOnnx } from '../../src/formats/onnx/import-onnx.ts';
import { costOf } from '../../src/network/cost.ts';
import { networkHash } from '../../src/network/hash.ts';
import type { Network } from '../../src/network/network.ts';
import { validate } from '../../src/network/validate.ts';
import { RandomStream } from '../../src/random/stream.ts';
import { fromManifest, toManifest } from '../../src/store/model-manifest.ts';
import { freshTrainingState, type TrainedNetwork } from '../../src/training/training-state.ts';
import { activeStitches } from '../../stitching/active-variables.ts';
import { crossings } from '../../stitching/crossings.ts';
import { decode } from '../../stitching/decode.ts';
import { fitSupernetwork, withFits } from '../../stitching/fit/fit-supernetwork.ts';
import { parentGenotype, type Genotype } from '../../stitching/genotype.ts';
import type { StitchType } from '../../stitching/stitch-types/stitch-type.ts';
import { buildSupernetwork, type Supernetwork } from '../../stitching/supernetwork.ts';
import { expectClose } from '../helpers/compare.ts';
import { outputChoices, randomGenotype } from '../helpers/genotypes.ts';
import { randomFits } from '../helpers/masked-supernetwork.ts';
import { typeLists } from '../helpers/own-stitch-types.ts';
import { randomInput } from '../helpers/random-network.ts';
import { randomPairs, type Pair } from '../helpers/random-pair.ts';

const size = 2;

async function outputOf(network: Network, data: Float32Array): Promise<ArrayLike<number>> {
  const program = await referenceEngine.compile([network]);
  return (await program.forward({ size, data }))[0]!;
}

function stitched({ a, b, seed }: Pair, types: readonly StitchType[]): Supernetwork {
  const supernetwork = buildSupernetwork(a, b, { stitchEqualNodes: true, types });
  return withFits(supernetwork, randomFits(supernetwork, seed));
}

function someChild(supernetwork: Supernetwork, rng: RandomStream): { genotype: Genotype; child: TrainedNetwork } {
  const ranked = crossings(supernetwork);
  const genotype = ranked.length > 0 ? rng.pick(ranked).genotype : randomGenotype(supernetwork, rng, 0.3);
  return { genotype, child: decode(supernetwork, genotype) };
}

test('stitches beside linear layers fold into them, biases and padding minded', async () => {
  let folded = 0;
  let kept = 0;
  await fc.assert(
    fc.asyncProperty(randomPairs({ maxSteps: 6 }), typeLists, async (pair, types) => {
      const supernetwork = stitched(pair, types);
      const { genotype, child } = someChild(supernetwork, RandomStream.fromSeed(pair.seed));
      const data = randomInput(child.network, size, pair.seed);
      const wanted = await outputOf(child.network, data);
      for (const stitch of activeStitches(supernetwork, genotype)) {
        // The stitch into what it reads, or into the one layer that reads it.
        const readers = child.network.nodes.filter(({ inputs }) => inputs.includes(stitch)).map(({ id }) => id);
        for (const node of [stitch, ...readers]) {
          const mutation = mergeLinearLayers.apply(child, { node }, RandomStream.fromSeed(1));
          if ('refusal' in mutation) {
            kept++;
            continue;
          }
          folded++;
          const { network } = mutation.child;
          validate(network);
          expect(network.nodes.length).toBe(child.network.nodes.length - 1);
          expect(costOf(network).macs).toBeLessThanOrEqual(costOf(child.network).macs);
          expectClose(await outputOf(network, data), wanted, 1e-5, node);
        }
      }
    }),
    { numRuns: 100 },
  );
  expect(folded).toBeGreaterThan(5);
  expect(kept).toBeGreaterThan(5);
});

test('children mutate, are saved and exported, and are stitched again, for three generations', async () => {
  const exact = operators.filter(({ preserves }) => preserves !== 'approximate');
  await fc.assert(
    fc.asyncProperty(randomPairs({ maxSteps: 4, maxMacs: 20_000 }), typeLists, async (pair, types) => {
      const rng = RandomStream.fromSeed(pair.seed);
      let parents: [TrainedNetwork, TrainedNetwork] = [pair.a, pair.b];
      for (let generation = 0; generation < 3; generation++) {
        const [a, b] = parents;
        const supernetwork = stitched({ ...pair, a, b, seed: pair.seed + generation }, types);
        for (const [output, parent] of [['a', a] as const, ['b', b] as const]) {
          const same = decode(supernetwork, parentGenotype(supernetwork, output)).network;
          expect(networkHash(same)).toBe(networkHash(parent.network));
        }
        const { child } = someChild(supernetwork, rng);
        validate(child.network);
        const data = randomInput(child.network, size, pair.seed);
        const wanted = await outputOf(child.network, data);

        const packed = toManifest(child);
        const values = new Map([...packed.tensors].map(([hash, { data: own }]) => [hash, own]));
        const loaded = fromManifest(packed.manifest, (hash) => values.get(hash)!);
        expect(networkHash(loaded.network)).toBe(networkHash(child.network));
        const imported = importOnnx(exportOnnx(child.network)).network;
        expectClose(await outputOf(imported, data), wanted, 1e-5, 'exported and imported');

        const places = rng.shuffle(exact).flatMap((operator) =>
          operator
            .sites(loaded.network)
            .slice(0, 1)
            .map((site) => ({ operator, site })),
        );
        const [place] = places;
        const mutation = place?.operator.apply(loaded, place.site, rng);
        const next = mutation && 'child' in mutation ? mutation.child : loaded;
        expectClose(await outputOf(next.network, data), wanted, 1e-5, place?.operator.name ?? 'none');
        parents = [next, generation === 1 ? { network: imported, state: freshTrainingState } : b];
      }
    }),
    { numRuns: 25 },
  );
});

test('networks of two families that PyTorch exported are fitted and recombined', async () => {
  const folder = fileURLToPath(new URL('../fixtures/onnx/', import.meta.url));
  const read = async (name: string): Promise<TrainedNetwork> => ({
    network: importOnnx(await readFile(`${folder}${name}.onnx`)).network,
    state: freshTrainingState,
  });
  const [a, b] = [await read('vgg-batch-norm'), await read('inception')];
  const before = [a, b].map(({ network }) => networkHash(network));
  const count = 40;
  const data = randomInput(a.network, count, 1);
  const unfitted = buildSupernetwork(a, b);
  expect(unfitted.stitches.length).toBeGreaterThan(20);
  const supernetwork = await fitSupernetwork(onnxEngine(), unfitted, { data, count });
  for (const { quality } of supernetwork.stitches) expect(quality!.r2).toBeLessThanOrEqual(1);
  const rng = RandomStream.fromSeed(1);
  const chosen = rng.shuffle(crossings(supernetwork)).slice(0, 8);
  const few = data.slice(0, (size * data.length) / count);
  for (const { genotype } of chosen) {
    const { network } = decode(supernetwork, genotype);
    validate(network);
    const program = await onnxEngine().compile([network]);
    const [actual] = await program.forward({ size, data: few });
    await program.dispose();
    expectClose(actual!, await outputOf(network, few), 1e-4, 'child');
  }
  for (const output of outputChoices) validate(decode(supernetwork, parentGenotype(supernetwork, output)).network);
  expect([a, b].map(({ network }) => networkHash(network))).toEqual(before);
});
