// Networks survive every file format: what comes back computes the same. (Damaged files: test/unit/formats/fuzz.test.ts.)
import fc from 'fast-check';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { exportOnnx } from '../../src/formats/onnx/export-onnx.ts';
import { importOnnx } from '../../src/formats/onnx/import-onnx.ts';
import { loadSafetensors, saveSafetensors } from '../../src/formats/safetensors.ts';
import { readTensorFile } from '../../src/formats/safetensors/read-tensors.ts';
import { writeTensors } from '../../src/formats/safetensors/write-tensors.ts';
import { decodeModel } from '../../src/engine/onnx/onnx-schema.ts';
import { referenceEngine } from '../../src/engine/reference/reference-engine.ts';
import { layerKinds } from '../../src/layers/registry.ts';
import { networkHash } from '../../src/network/hash.ts';
import { outputNode, type Attributes, type Network, type NetworkNode } from '../../src/network/network.ts';
import { layersOf } from '../../src/network/shapes.ts';
import { sizeOf, tensor, tensorBytes } from '../../src/network/tensor.ts';
import { validate } from '../../src/network/validate.ts';
import { RandomStream } from '../../src/random/stream.ts';
import { expectClose } from '../helpers/compare.ts';
import { randomInput, randomNetworks } from '../helpers/random-network.ts';
import { randomState } from '../helpers/random-state.ts';

/** Some random networks end in softmax; settings that the builder leaves at their defaults are drawn, too. */
const networks = fc.tuple(randomNetworks(), fc.boolean()).map(([{ network, recipe }, isClassifier]) => ({
  network: withLivelySettings(isClassifier ? withSoftmax(network) : network, recipe.seed),
  recipe,
}));

function withSoftmax({ nodes }: Network): Network {
  const softmax = { id: 'probabilities', kind: 'softmax', inputs: [nodes.at(-1)!.id], attributes: {}, params: {} };
  return { nodes: [...nodes, softmax] };
}

function withLivelySettings({ nodes }: Network, seed: number): Network {
  const rng = RandomStream.fromSeed(`settings ${seed}`);
  // Files hold float32: decimals of a few digits come back as they were.
  const draw = (): number => Number((0.01 + 0.98 * rng.float()).toFixed(4));
  const lively = ({ kind, attributes }: NetworkNode): Attributes => {
    if (kind === 'batchNorm') return { ...attributes, momentum: draw() };
    if (kind === 'dropout') return { rate: draw() };
    if (kind === 'average') return { weights: (attributes.weights as number[]).map(() => draw()) };
    return attributes;
  };
  return { nodes: nodes.map((node) => ({ ...node, attributes: lively(node) })) };
}

/** A sum of scaled tensors of which one is an activation of the other: in a file the same as an actiSwitch. */
function holdsActiSwitchInParts({ nodes }: Network): boolean {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const scaled = (id: string): NetworkNode | undefined => {
    const gate = byId.get(id)!;
    return gate.kind === 'scale' ? byId.get(gate.inputs[0]!) : undefined;
  };
  const bends = (one?: NetworkNode, other?: NetworkNode): boolean =>
    one !== undefined && other?.kind === 'activation' && other.inputs[0] === one.id;
  return nodes.some(({ kind, inputs }) => {
    const [one, other] = kind === 'add' ? inputs.map(scaled) : [];
    return bends(one, other) || bends(other, one);
  });
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
      { numRuns: 200 },
    );
    expect(layerKinds.map(({ kind }) => kind).filter((kind) => !seen.has(kind))).toEqual([]);
  });

  test('an exported file holds nothing that nothing reads', () => {
    fc.assert(
      fc.property(networks, ({ network }) => {
        const { node, initializer, output } = decodeModel(exportOnnx(network)).graph!;
        const read = new Set([...node.flatMap(({ input }) => input), ...output.map(({ name }) => name)]);
        const made = [...initializer.map(({ name }) => name), ...node.flatMap((operator) => operator.output)];
        expect(made.filter((name) => !read.has(name))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test('export, then import, gives the same network', async () => {
    await fc.assert(
      fc.asyncProperty(networks, async ({ network, recipe }) => {
        fc.pre(!holdsActiSwitchInParts(network));
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

/** Names that JSON, JavaScript or the format could trip over, and any others. */
const names = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('', '7', '__proto__', 'constructor', '\ud800', 'größe.重み:é', '"\\\n'),
);
const tensors = fc
  .tuple(fc.array(fc.nat(3), { maxLength: 4 }), fc.infiniteStream(fc.nat(2 ** 32 - 1)))
  .map(([shape, bits]) => {
    const data = Uint32Array.from({ length: sizeOf(shape) }, () => bits.next().value as number);
    // Any bits: NaNs with payloads, infinities, subnormal numbers, both zeros.
    return tensor(shape, new Float32Array(data.buffer));
  });

test('safetensors give back any tensors under any names bit for bit, scalars and empty ones too', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(names, tensors), { maxLength: 5 }),
      fc.array(fc.tuple(names, fc.string({ unit: 'binary' })), { maxLength: 3 }),
      (listed, texts) => {
        const own = new Map(listed);
        own.delete('__metadata__');
        const bytes = writeTensors(own, new Map(texts));
        const read = readTensorFile(bytes);
        expect(new Map(read.metadata)).toEqual(new Map(texts));
        expect(new Set(read.tensors.keys())).toEqual(new Set(own.keys()));
        for (const [name, value] of own) {
          const found = read.tensors.get(name)!;
          expect(found.shape).toEqual(value.shape);
          expect(Buffer.compare(tensorBytes(found), tensorBytes(value))).toBe(0);
        }
        expect(Buffer.compare(writeTensors(read.tensors, read.metadata), bytes)).toBe(0);
      },
    ),
    { numRuns: 300 },
  );
});
