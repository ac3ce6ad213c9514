// What a program is given: batches and nodes that do not fit are refused alike by every engine, shared memory is not.
import { describe, expect, test } from 'vitest';
import { onnxEngine } from '../../../src/engine/onnx/onnx-engine.ts';
import type { ExecutionProvider } from '../../../src/engine/onnx/session.ts';
import { referenceEngine } from '../../../src/engine/reference/reference-engine.ts';
import type { TfjsBackend } from '../../../src/engine/tfjs/load-tfjs.ts';
import { tfjsEngine } from '../../../src/engine/tfjs/tfjs-engine.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { sgd } from '../../../src/training/optimisers/sgd.ts';

const builder = new NetworkBuilder([3], RandomStream.fromSeed(1));
builder.layer('dense', { units: 2 });
const network = builder.build();
const engines = [referenceEngine, onnxEngine(), await tfjsEngine({ backend: 'cpu' })];

describe.each(engines)('$name', (engine) => {
  test('a batch of another size, or of no samples, is refused', async () => {
    const program = await engine.compile([network]);
    const pairs = [{ from: { network: 0, node: 'input' }, to: { network: 0, node: 'dense' } }];
    const short = { size: 2, data: new Float32Array(5) };
    const refusal = { code: 'bad-argument', message: 'Expected 6 values for 2 samples of shape [3], got 5' };
    await expect(program.forward(short)).rejects.toMatchObject(refusal);
    await expect(program.gradients(short, new Float32Array(4))).rejects.toMatchObject(refusal);
    await expect(program.step(short, new Float32Array(4), sgd(0.1))).rejects.toMatchObject(refusal);
    await expect(program.normalEquations(short, pairs)).rejects.toMatchObject(refusal);
    const none = { size: 0, data: new Float32Array(0) };
    await expect(program.step(none, new Float32Array(0), sgd(0.1))).rejects.toThrow(
      'a batch of 1 sample or more, got 0',
    );
    await program.dispose();
  });

  test.each([
    { network: 0, node: 'dens' },
    { network: 1, node: 'dense' },
  ])('the unknown node $node of network $network is refused', async (ref) => {
    const program = await engine.compile([network]);
    const batch = { size: 1, data: new Float32Array(3) };
    const refusal = { code: 'bad-argument', message: expect.stringContaining(JSON.stringify(ref)) as string };
    await expect(program.forward(batch, [ref])).rejects.toMatchObject(refusal);
    const pairs = [{ from: { network: 0, node: 'input' }, to: ref }];
    await expect(program.normalEquations(batch, pairs)).rejects.toMatchObject(refusal);
  });

  test.each([0, -1, NaN, Infinity])('a clipNorm of %s is refused, and nothing has changed', async (clipNorm) => {
    const program = await engine.compile([network]);
    const batch = { size: 1, data: Float32Array.of(1, 2, 3) };
    await expect(program.step(batch, Float32Array.of(1, 0), sgd(0.1), { clipNorm })).rejects.toMatchObject({
      code: 'bad-argument',
      message: `Expected a clipNorm above 0, got ${clipNorm}`,
    });
    expect((await program.snapshot()).network).toBe(network);
  });

  test('ids to train that no node has are refused, and having nothing to train', async () => {
    const batch = { size: 1, data: new Float32Array(3) };
    const stepped = async (...ids: string[]): Promise<unknown> =>
      (await engine.compile([network], { trainable: new Set(ids) })).step(batch, Float32Array.of(1, 0), sgd(0.1));
    const refusal = { code: 'bad-argument', message: 'Expected ids of nodes to train, got "dens"' };
    await expect(stepped('dense', 'dens')).rejects.toMatchObject(refusal);
    await expect(stepped()).rejects.toMatchObject({ code: 'bad-network' });
  });

  test('a layer that the output does not need stays as it was', async () => {
    const side = new NetworkBuilder([3], RandomStream.fromSeed(1));
    const input = side.last;
    side.layer('dense', { units: 4 });
    side.layer('dense', { units: 2 }, [input]);
    const branched = side.build();
    const program = await engine.compile([branched]);
    await program.step({ size: 1, data: Float32Array.of(1, 2, 3) }, Float32Array.of(1, 0), sgd(0.1));
    const trained = await program.snapshot();
    expect(trained.network.nodes[1]).toBe(branched.nodes[1]);
    expect(trained.network.nodes[2]).not.toEqual(branched.nodes[2]);
    expect(Object.keys(trained.state.moments)).toEqual(['dense_2']);
    await program.dispose();
  });

  test('a layer without its weights is refused', async () => {
    const bare = { nodes: network.nodes.map((node) => ({ ...node, params: {} })) };
    await expect(engine.compile([bare])).rejects.toMatchObject({
      code: 'bad-network',
      message: 'Expected a parameter "weight" in dense, got none (at node dense)',
    });
  });

  test('nothing wanted is nothing given', async () => {
    const program = await engine.compile([network]);
    const batch = { size: 1, data: new Float32Array(3) };
    expect(await program.forward(batch, [])).toEqual([]);
    expect(await program.normalEquations(batch, [])).toEqual([]);
    expect(await (await engine.compile([])).forward(batch)).toEqual([]);
  });

  test('values in shared memory count as any others', async () => {
    const own = {
      batch: { size: 2, data: Float32Array.of(1, -2, 3, 0.5, 0, 1) },
      targets: Float32Array.of(1, 0, 0, 1),
    };
    const shared = { batch: { size: 2, data: inSharedMemory(own.batch.data) }, targets: inSharedMemory(own.targets) };
    const results = [own, shared].map(async ({ batch, targets }) => {
      const program = await engine.compile([network]);
      const before = await program.forward(batch);
      const gradients = await program.gradients(batch, targets);
      const metrics = await program.step(batch, targets, sgd(0.1));
      const trained = await program.snapshot();
      await program.dispose();
      return { before, gradients, metrics, trained };
    });
    expect(await results[1]).toEqual(await results[0]);
  });
});

test('engines that there are not are refused', async () => {
  const refusal = (message: string) => ({ code: 'bad-argument', message });
  const tpu = { executionProvider: 'tpu' as ExecutionProvider };
  expect(() => onnxEngine(tpu)).toThrow(
    expect.objectContaining(refusal('Expected one of the execution providers cpu, webgpu, cuda, got "tpu"')),
  );
  expect(() => onnxEngine({ threads: 0 })).toThrow('Expected a number of threads, got 0');
  await expect(tfjsEngine({ backend: 'wasm' as TfjsBackend })).rejects.toMatchObject(
    refusal('Expected one of the tfjs backends tensorflow, webgpu, cpu, got "wasm"'),
  );
});

test('what no memory holds is an error of the engine', async () => {
  const wide = new NetworkBuilder([1, 1, 1], RandomStream.fromSeed(1));
  wide.layer('conv2d', { channels: 1, kernel: 1, padding: [3e6, 3e6, 0, 0] });
  for (const engine of [onnxEngine(), await tfjsEngine({ backend: 'cpu' })]) {
    const program = await engine.compile([wide.build()]);
    const computed = program.forward({ size: 1, data: Float32Array.of(1) });
    await expect(computed).rejects.toMatchObject({ name: 'NeurostitchError', code: 'engine-failed' });
    await program.dispose();
  }
});

function inSharedMemory(values: Float32Array): Float32Array {
  const shared = new Float32Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}
