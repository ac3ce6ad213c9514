// What a program is given: batches and nodes that do not fit are refused alike by every engine, shared memory is not.
import { describe, expect, test } from 'vitest';
import { onnxEngine } from '../../../src/engine/onnx/onnx-engine.ts';
import { referenceEngine } from '../../../src/engine/reference/reference-engine.ts';
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

function inSharedMemory(values: Float32Array): Float32Array {
  const shared = new Float32Array(new SharedArrayBuffer(values.byteLength));
  shared.set(values);
  return shared;
}
