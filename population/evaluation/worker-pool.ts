// Carries out jobs in worker threads that stay alive, with the data in shared memory.
import { Piscina } from 'piscina';
import type { Executor } from './executor.ts';
import type { JobDelivery } from './job.ts';
import type { JobData } from './run-job.ts';
import type { WorkerSetup } from './worker.ts';

// From source this file ends in .ts, from dist/ in .js.
const entry = import.meta.url.endsWith('.ts') ? './worker-from-source.mjs' : './worker.js';

/** A job whose worker crashes is tried once more. */
const attempts = 2;

/** `workers` threads, one job and one onnx thread each. */
export function workerPool(workers: number, data: Omit<JobData, 'shouldStop'>): Executor {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const closed = (): boolean => Atomics.load(stop, 0) !== 0;
  const pool = new Piscina({
    filename: new URL(entry, import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
    idleTimeout: Infinity,
    workerData: { train: data.train, validation: data.validation, stop } satisfies WorkerSetup,
  });
  return {
    parallel: workers,
    async run(job, tensors) {
      for (let attempt = 1; ; attempt++) {
        try {
          return (await pool.run({ job, tensors })) as JobDelivery;
        } catch (error) {
          if (closed()) throw error;
          if (attempt < attempts) continue;
          const reason = error instanceof Error ? error.message : String(error);
          return { result: { failure: `The worker failed ${attempts} times: ${reason}` }, changed: new Map() };
        }
      }
    },
    async close() {
      // Threads are not torn down while onnxruntime works in them, which would bring down the process: they are told
      // to stop, and do so before their next training step.
      Atomics.store(stop, 0, 1);
      await pool.close({ force: true });
    },
  };
}
