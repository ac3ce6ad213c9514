import { expect, test } from 'vitest';
import type { Job } from '../../../population/evaluation/job.ts';
import { workerPool } from '../../../population/evaluation/worker-pool.ts';
import { allocateSamples } from '../../../src/data/samples.ts';

const crashing = new URL('../../helpers/crashing-worker.mjs', import.meta.url);

test.each([
  [1, 'done: job'],
  [2, 'The worker failed 2 times: worker exited with code: 1'],
])('a job whose worker crashes %i time(s): %s', async (crashes, outcome) => {
  const samples = allocateSamples([1], 1, 1);
  samples.labels[0] = crashes;
  const pool = workerPool(1, { train: samples, validation: samples }, crashing);
  try {
    const { result } = await pool.run({ id: 'job' } as Job, new Map());
    expect(result).toEqual({ failure: outcome });
    // The pool is whole again.
    expect((await pool.run({ id: 'next' } as Job, new Map())).result).toEqual({ failure: 'done: next' });
  } finally {
    await pool.close();
  }
});

test('a closed pool refuses jobs', async () => {
  const samples = allocateSamples([1], 1, 1);
  const pool = workerPool(1, { train: samples, validation: samples }, crashing);
  await pool.close();
  await expect(pool.run({ id: 'late' } as Job, new Map())).rejects.toMatchObject({ code: 'interrupted' });
});

test('workers that cannot be loaded fail their jobs, not the process', async () => {
  const samples = allocateSamples([1], 1, 1);
  const missing = new URL('../../helpers/no-worker.mjs', import.meta.url);
  const pool = workerPool(2, { train: samples, validation: samples }, missing);
  try {
    for (const id of ['one', 'two', 'three']) {
      const { result } = await pool.run({ id } as Job, new Map());
      expect(result).toEqual({ failure: expect.stringContaining('no-worker.mjs') as string });
    }
  } finally {
    await pool.close();
  }
});
