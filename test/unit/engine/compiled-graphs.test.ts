// What the onnx engine compiles: each graph once, no more than it needs, and everything is freed in the end.
import { InferenceSession } from 'onnxruntime-node';
import { afterEach, expect, test, vi, type MockInstance } from 'vitest';
import { onnxEngine } from '../../../src/engine/onnx/onnx-engine.ts';
import type { Program, StepOptions } from '../../../src/engine/engine.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { meanSquaredError } from '../../../src/training/losses/mean-squared-error.ts';
import { softmaxCrossEntropy } from '../../../src/training/losses/softmax-cross-entropy.ts';
import { adam } from '../../../src/training/optimisers/adam.ts';
import { adamW } from '../../../src/training/optimisers/adam-w.ts';
import type { Optimiser } from '../../../src/training/optimisers/optimiser.ts';

const builder = new NetworkBuilder([3], RandomStream.fromSeed(1));
builder.layer('dense', { units: 2 });
const network = builder.build();
const batch = { size: 1, data: Float32Array.of(1, 2, 3) };
const step = (program: Program, weightDecay: number) =>
  program.step(batch, Float32Array.of(1, 0), adamW(0.1, { weightDecay }));

/** Counts sessions that were made, and those of them that were freed. */
function counted(): { made: number; freed: number } {
  const counts = { made: 0, freed: 0 };
  const create = InferenceSession.create.bind(InferenceSession) as (model: Uint8Array) => Promise<InferenceSession>;
  vi.spyOn(InferenceSession, 'create').mockImplementation(async (model) => {
    const session = await create(model);
    counts.made += 1;
    const release = session.release.bind(session);
    vi.spyOn(session, 'release').mockImplementation(() => {
      counts.freed += 1;
      return release();
    });
    return session;
  });
  return counts;
}

afterEach(() => {
  vi.restoreAllMocks();
});

test('steps of one sort share a graph, and dispose frees it', async () => {
  const counts = counted();
  const program = await onnxEngine().compile([network]);
  for (let i = 0; i < 20; i++) await step(program, 0.1);
  expect(counts).toEqual({ made: 1, freed: 0 });
  await program.dispose();
  expect(counts).toEqual({ made: 1, freed: 1 });
});

test('a step of another sort is not taken with the graph of the one before', async () => {
  const counts = counted();
  const program = await onnxEngine().compile([network]);
  const targets = Float32Array.of(1, 0);
  const sorts: (readonly [Optimiser, StepOptions?])[] = [
    [adamW(0.1, { weightDecay: 0.1 })],
    [adamW(0.1, { weightDecay: 0.2 })],
    [adamW(0.1, { weightDecay: 0.1, beta1: 0.2 })],
    [adam(0.1)],
    [adam(0.1), { clipNorm: 1 }],
    [adam(0.1), { loss: softmaxCrossEntropy({ smoothing: 0.1 }) }],
    [adam(0.1), { loss: meanSquaredError }],
  ];
  for (const [optimiser, options] of sorts) await program.step(batch, targets, optimiser, options);
  expect(counts.made).toBe(sorts.length);
  // The learning rate is no part of the sort.
  for (const [optimiser, options] of sorts) {
    await program.step(batch, targets, { ...optimiser, learningRate: 0.2 }, options);
  }
  expect(counts.made).toBe(sorts.length);
  await program.dispose();
});

test('only where weights are frozen is a training graph searched for what can be folded', async () => {
  const create = vi.spyOn(InferenceSession, 'create') as unknown as MockInstance<
    (model: Uint8Array, options: InferenceSession.SessionOptions) => Promise<InferenceSession>
  >;
  const net = new NetworkBuilder([3], RandomStream.fromSeed(1));
  const [, last] = [net.layer('dense', { units: 2 }), net.layer('dense', { units: 2 })];
  for (const trainable of [undefined, new Set([last])]) {
    const program = await onnxEngine().compile([net.build()], trainable && { trainable });
    await step(program, 0.1);
    await program.dispose();
  }
  expect(create.mock.calls.map(([, options]) => options.graphOptimizationLevel)).toEqual(['disabled', 'all']);
});

test.each(['webgpu', 'cuda'] as const)(
  'on %s every training graph is searched for what can be fused',
  async (place) => {
    // Refused: few machines have the device, and the question is only what is asked of onnxruntime.
    const create = vi.spyOn(InferenceSession, 'create').mockRejectedValue(new Error('no device'));
    const program = await onnxEngine({ executionProvider: place }).compile([network]);
    await expect(step(program, 0.1)).rejects.toMatchObject({ code: 'engine-failed' });
    await program.dispose();
    expect(create).toHaveBeenCalledExactlyOnceWith(
      expect.anything(),
      expect.objectContaining({ graphOptimizationLevel: 'all' }),
    );
  },
);

test('settings that change with every step do not pile up graphs', async () => {
  const counts = counted();
  const program = await onnxEngine().compile([network]);
  await step(program, 0.5);
  for (let i = 0; i < 12; i++) await step(program, i / 100);
  await program.forward(batch);
  expect(counts.made - counts.freed).toBeLessThanOrEqual(8);
  await program.dispose();
  expect(counts.freed).toBe(counts.made);
});

test('a graph that was refused can be tried again, and a program without one be disposed of', async () => {
  const program = await onnxEngine().compile([network]);
  vi.spyOn(InferenceSession, 'create').mockRejectedValueOnce(new Error('out of memory'));
  await expect(program.forward(batch)).rejects.toMatchObject({ code: 'engine-failed' });
  await program.dispose();
  expect((await program.forward(batch))[0]).toHaveLength(2);
  await program.dispose();
});
