// Carries out jobs in worker threads that stay alive, with the data in shared memory.
import { setTimeout } from 'node:timers/promises';
import { Piscina } from 'piscina';
import type { Executor } from './executor.ts';
import type { JobDelivery } from './job.ts';
import type { JobData } from './run-job.ts';
import type { WorkerSetup } from './worker.ts';

// From source this file ends in .ts, from dist/ in .js.
const entry = import.meta.url.endsWith('.ts') ? './worker-from-source.mjs' : './worker.js';

/** A job whose worker crashes is tried once more. */
const attempts = 2;

/** Milliseconds that `close` waits for the batches under way. */
const patience = 1500;

/** `workers` threads, one job and one onnx thread each. */
export function workerPool(workers: number, data: JobData): Executor {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const closed = (): boolean => Atomics.load(stop, 0) !== 0;
  const pool = new Piscina({
    filename: new URL(entry, import.meta.url).href,
    minThreads: workers,
    maxThreads: workers,
    idleTimeout: Infinity,
    workerData: { train: data.train, validation: data.validation, stop } satisfies WorkerSetup,
  });
  const underWay = new Set<Promise<unknown>>();

  async function attempt(task: object): Promise<JobDelivery> {
    const promise = pool.run(task) as Promise<JobDelivery>;
    underWay.add(promise);
    try {
      return await promise;
    } finally {
      underWay.delete(promise);
    }
  }

  // Tearing down a thread while onnxruntime works in it brings down the process. So threads are told to stop, which
  // they do before their next batch, and only idle ones are torn down. (Piscina's own `close` can count one worker
  // twice and tear down the other while it works: seen in 5.3.2.)
  async function drainAndDestroy(): Promise<void> {
    Atomics.store(stop, 0, 1);
    const idle = Promise.allSettled(underWay).then(() => true);
    const giveUp = setTimeout(patience, false, { ref: false });
    if (await Promise.race([idle, giveUp])) await pool.destroy();
    else for (const thread of pool.threads) thread.unref();
  }

  let closing: Promise<void> | undefined;
  return {
    parallel: workers,
    async run(job, tensors) {
      for (let tried = 1; ; tried++) {
        try {
          return await attempt({ job, tensors });
        } catch (error) {
          if (closed()) throw error;
          if (tried < attempts) continue;
          const reason = error instanceof Error ? error.message : String(error);
          return { result: { failure: `The worker failed ${attempts} times: ${reason}` }, changed: new Map() };
        }
      }
    },
    close: () => (closing ??= drainAndDestroy()),
  };
}
