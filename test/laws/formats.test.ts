// Networks survive every file format: what comes back computes the same, and damaged files end in a typed error.
import fc from 'fast-check';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { NeurostitchError } from '../../src/errors.ts';
import { exportOnnx } from '../../src/formats/onnx/export-onnx.ts';
import { importOnnx } from '../../src/formats/onnx/import-onnx.ts';
import { loadSafetensors, saveSafetensors } from '../../src/formats/safetensors.ts';
import { referenceEngine } from '../../src/engine/reference/reference-engine.ts';
import { layerKinds } from '../../src/layers/registry.ts';
import { networkHash } from '../../src/network/hash.ts';
import { outputNode, type Network } from '../../src/network/network.ts';
import { layersOf } from '../../src/network/shapes.ts';
import { tensorBytes } from '../../src/network/tensor.ts';
import { validate } from '../../src/network/validate.ts';
import { expectClose } from '../helpers/compare.ts';
import { buildNetwork, randomInput, randomNetworks } from '../helpers/random-network.ts';
import { randomState } from '../helpers/random-state.ts';

/** Kinds that the importer does not know yet: networks with one of them are only exported. */
const exportedOnly: ReadonlySet<string> = new Set(['avgPool', 'concat', 'dropout', 'layerNorm', 'resize', 'scale']);

/** Some random networks end in softmax. */
const networks = fc
  .tuple(randomNetworks(), fc.boolean())
  .map(([{ network, recipe }, isClassifier]) => ({ network: isClassifier ? withSoftmax(network) : network, recipe }));

function withSoftmax({ nodes }: Network): Network {
  const softmax = { id: 'probabilities', kind: 'softmax', inputs: [nodes.at(-1)!.id], attributes: {}, params: {} };
  return { nodes: [...nodes, softmax] };
}

async function run(network: Network, size: number, data: Float32Array): Promise<ArrayLike<number>> {
  const program = await referenceEngine.compile([network]);
  return (await program.forward({ size, data }))[0]!;
}

describe('ONNX', () => {
  test('an exported file computes on onnxruntime what the network computes', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(networks, fc.integer({ min: 1, max: 3 }), async ({ network, recipe }, size) => {
        const data = randomInput(network, size, recipe.seed);
        const session = await ort.InferenceSession.create(exportOnnx(network), {
          intraOpNumThreads: 1,
          logSeverityLevel: 3,
        });
        const shape = layersOf(network).get('input')!.output;
        const { output } = await session.run({ input: new ort.Tensor('float32', data, [size, ...shape]) });
        expect(output!.dims).toEqual([size, ...layersOf(network).get(outputNode(network).id)!.output]);
        expectClose(output!.data as Float32Array, await run(network, size, data), 1e-5, 'output');
        await session.release();
        for (const node of network.nodes) seen.add(node.kind);
      }),
      { numRuns: 100 },
    );
    expect(layerKinds.map(({ kind }) => kind).filter((kind) => !seen.has(kind))).toEqual([]);
  });

  test('export, then import, gives the same network', async () => {
    await fc.assert(
      fc.asyncProperty(networks, async ({ network, recipe }) => {
        fc.pre(!network.nodes.some(({ kind }) => exportedOnly.has(kind)));
        const imported = importOnnx(exportOnnx(network));
        validate(imported.network);
        expect(imported.notes).toEqual([]);
        expect(networkHash(imported.network)).toBe(networkHash(network));
        const data = randomInput(network, 2, recipe.seed);
        expectClose(await run(imported.network, 2, data), await run(network, 2, data), 1e-6, 'output');
      }),
      { numRuns: 150 },
    );
  });
});

test('safetensors give back networks and moments bit for bit', () => {
  fc.assert(
    fc.property(networks, ({ network, recipe }) => {
      const trained = { network, state: randomState(network, recipe.seed) };
      const bytes = saveSafetensors(trained);
      const loaded = loadSafetensors(bytes);
      expect(loaded).toEqual(trained);
      for (const { id, params } of network.nodes) {
        const own = loaded.network.nodes.find((node) => node.id === id)!;
        for (const [name, value] of Object.entries(params)) {
          expect(Buffer.compare(tensorBytes(own.params[name]!), tensorBytes(value))).toBe(0);
        }
      }
      expect(networkHash(loaded.network)).toBe(networkHash(network));
      expect(Buffer.compare(saveSafetensors(loaded), bytes)).toBe(0);
    }),
    { numRuns: 60 },
  );
});

/** Enough layers that every sort of field is in the files. */
const sample = buildNetwork({
  seed: 5,
  input: [2, 5, 4],
  steps: [0, 1, 0, 2, 3].map((layer) => ({ layer, from: 0, variant: layer })),
});

const readers: readonly (readonly [name: string, bytes: Uint8Array, read: (bytes: Uint8Array) => Network])[] = [
  ['ONNX', exportOnnx(sample), (bytes) => importOnnx(bytes).network],
  [
    'safetensors',
    saveSafetensors({ network: sample, state: randomState(sample, 1) }),
    (bytes) => loadSafetensors(bytes).network,
  ],
];

describe.each(readers)('damaged %s files', (_, whole, read) => {
  /** A valid network or a typed error, nothing else. */
  function readAnyway(bytes: Uint8Array): void {
    try {
      validate(read(bytes));
    } catch (error) {
      if (!(error instanceof NeurostitchError)) throw error;
      expect(['bad-model', 'bad-network']).toContain(error.code);
      expect(error.message).not.toBe('');
    }
  }

  test('cut short', () => {
    fc.assert(
      fc.property(fc.nat(whole.length - 1), (length) => {
        expect(() => read(whole.subarray(0, length))).toThrow(NeurostitchError);
      }),
      { numRuns: 300 },
    );
  });

  test('with some bytes changed', () => {
    const change = fc.tuple(fc.nat(whole.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = whole.slice();
        for (const [at, value] of changes) bytes[at] = value;
        readAnyway(bytes);
      }),
      { numRuns: 400 },
    );
  });

  test('with a piece of it repeated or left out', () => {
    fc.assert(
      fc.property(fc.nat(whole.length), fc.nat(whole.length), (first, second) => {
        readAnyway(Buffer.concat([whole.subarray(0, first), whole.subarray(second)]));
      }),
      { numRuns: 300 },
    );
  });

  test('of any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), readAnyway), { numRuns: 200 });
  });
});
