// Workers that crash, hang or cannot be loaded: their jobs end, and the pool goes on.
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createJob, type Job } from '../../../../population/evaluation/job.ts';
import { workerPool, type WorkerPoolOptions } from '../../../../population/evaluation/worker-pool.ts';
import type { Executor } from '../../../../population/evaluation/executor.ts';
import { runJob } from '../../../../population/evaluation/run-job.ts';
import { chooseEngine } from '../../../../src/engine/auto/choose-engine.ts';
import type { EngineName } from '../../../../src/engine/auto/engine-names.ts';
import { NetworkBuilder } from '../../../../src/network/network-builder.ts';
import { RandomStream } from '../../../../src/random/stream.ts';
import { toManifest } from '../../../../src/store/model-manifest.ts';
import { freshTrainingState } from '../../../../src/training/training-state.ts';
import { allocateSamples, type Samples } from '../../../../src/data/samples.ts';

const faulty = new URL('../../../helpers/faulty-worker.mjs', import.meta.url);

function poolOf(samples: Samples, options: WorkerPoolOptions = {}, workers = 1): Executor {
  return workerPool(workers, { train: samples, validation: samples }, { module: faulty, ...options });
}

async function outcomeOf(pool: Executor, id: string): Promise<unknown> {
  const { result } = await pool.run({ id } as Job, new Map());
  return result;
}

const none = 'Expected a batch within 1 s, got none';

test.each([
  ['crash', 1, 'done: crash'],
  ['crash', 2, 'The worker failed 2 times: worker exited with code: 1'],
  ['throw', 2, 'The worker failed 2 times: out of luck'],
  ['loop', 2, `The worker failed 2 times: ${none}`],
  ['silence', 1, 'done: silence'],
  ['memory', 2, 'The worker failed 2 times: Worker terminated due to reaching memory limit: JS heap out of memory'],
])('a job at which the worker fails by %s, %i time(s): %s', async (fault, times, outcome) => {
  const samples = allocateSamples([1], 1, 1);
  samples.labels[0] = times;
  // Of threads to come: a heap of the usual size takes seconds to fill.
  setFlagsFromString('--max-old-space-size=64');
  const pool = poolOf(samples, outcome.includes(none) || fault === 'silence' ? { patienceSeconds: 1 } : {});
  try {
    expect(await outcomeOf(pool, fault)).toEqual({ failure: outcome });
    // The threads counted in memory that they share, and the pool is whole again.
    expect(samples.labels[0]).toBe(0);
    expect(await outcomeOf(pool, 'next')).toEqual({ failure: 'done: next' });
  } finally {
    await pool.close();
  }
});

test('a thread that follows a crashed one has time to load its modules', async () => {
  const samples = allocateSamples([1], 1, 1);
  samples.labels[0] = 1;
  const pool = poolOf(samples, { module: new URL('?load=1000', faulty), patienceSeconds: 0.5 });
  try {
    expect(await outcomeOf(pool, 'crash')).toEqual({ failure: 'done: crash' });
  } finally {
    await pool.close();
  }
});

test('a worker that hangs within its engine is told to stop and left to end by itself', async () => {
  const samples = allocateSamples([1], 1, 2);
  samples.labels[0] = 1;
  const pool = poolOf(samples, { patienceSeconds: 1 });
  try {
    expect(await outcomeOf(pool, 'engine')).toEqual({ failure: 'done: engine' });
  } finally {
    await pool.close();
  }
  await expect.poll(() => samples.labels[1], { timeout: 10_000 }).toBe(1);
});

test('what was delivered is not kept', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const pool = poolOf(allocateSamples([1], 1, 1));
  const deliver = async (id: string): Promise<WeakRef<object>> => new WeakRef(await pool.run({ id } as Job, new Map()));
  try {
    const first = await deliver('first');
    await deliver('second');
    await setTimeout(10);
    collect();
    expect(first.deref()).toBeUndefined();
  } finally {
    await pool.close();
  }
});

test('a closed pool refuses jobs', async () => {
  const pool = poolOf(allocateSamples([1], 1, 1));
  await pool.close();
  await expect(outcomeOf(pool, 'late')).rejects.toMatchObject({ code: 'interrupted' });
});

test('workers that cannot be loaded fail their jobs, not the process', async () => {
  const missing = new URL('../../../helpers/no-worker.mjs', import.meta.url);
  const pool = poolOf(allocateSamples([1], 1, 1), { module: missing }, 2);
  try {
    for (const id of ['one', 'two', 'three']) {
      expect(await outcomeOf(pool, id)).toEqual({ failure: expect.stringContaining('no-worker.mjs') as string });
    }
  } finally {
    await pool.close();
  }
});

test.each(['onnx-cpu', 'tfjs-cpu'] as const)(
  'workers compute with the engine that is asked for: %s',
  async (engine) => {
    const builder = new NetworkBuilder([2], RandomStream.fromSeed(1));
    builder.layer('dense', { units: 2 });
    const { manifest, tensors } = toManifest({ network: builder.build(), state: freshTrainingState });
    const values = new Map([...tensors].map(([hash, { data }]) => [hash, data]));
    const job = createJob({
      model: manifest,
      stitching: null,
      trainable: null,
      budget: { epochs: 1, batchSize: 2, learningRate: 0.01, fitSamples: 16 },
      seed: 'job',
      rungs: null,
      latency: false,
    });
    const samples = allocateSamples([2], 2, 4);
    samples.inputs.set([0, 1, 1, 0, 0, 2, 2, 0]);
    samples.labels.set([0, 1, 0, 1]);
    const data = { train: samples, validation: samples };
    const { engine: own } = await chooseEngine(engine, { threads: 1 });
    const here = await runJob(own, data, job, values);
    const pool = workerPool(1, data, { engine });
    try {
      expect(await pool.run(job, values)).toEqual(here);
    } finally {
      await pool.close();
    }
  },
);

test('an engine that is not there fails the jobs, saying so', async () => {
  const samples = allocateSamples([1], 1, 1);
  const pool = workerPool(1, { train: samples, validation: samples }, { engine: 'none' as EngineName });
  try {
    const failure = expect.stringContaining('Expected an engine (') as string;
    expect(await outcomeOf(pool, 'job')).toEqual({ failure });
  } finally {
    await pool.close();
  }
});
