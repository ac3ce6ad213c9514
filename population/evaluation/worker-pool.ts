// Carries out jobs in worker threads that stay alive, with the data in shared memory.
import { setTimeout } from 'node:timers/promises';
import { NeurostitchError } from '../../src/errors.ts';
import type { Executor } from './executor.ts';
import { failedJob, type JobDelivery } from './job.ts';
import type { JobData } from './run-job.ts';
import { threadModule, threads } from './threads.ts';
import type { WorkerSetup } from './worker.ts';

/** More threads than this and V8 runs out of address space, which ends the process. */
export const mostWorkers = 256;

/** A job whose worker crashes is tried once more. */
const attempts = 2;

/** Milliseconds that `close` waits for the batches under way. */
const patience = 1500;

/** `workers` threads, one job and one onnx thread each; `module` is what they run. */
export function workerPool(workers: number, data: JobData, module: URL = threadModule('worker')): Executor {
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const closed = (): boolean => Atomics.load(stop, 0) !== 0;
  const setup: WorkerSetup = { train: data.train, validation: data.validation, stop };
  const pool = threads(module, workers, setup);
  const underWay = new Map<Promise<unknown>, AbortController>();
  let reason = '';
  // Piscina starts no more threads once one could not even load its module: what waits for one would wait for ever.
  const isLost = (): boolean => pool.threads.length === 0;
  pool.on('error', (error: Error) => {
    reason = error.message;
    if (isLost()) for (const waiting of underWay.values()) waiting.abort();
  });

  async function attempt(task: object): Promise<JobDelivery> {
    const waiting = new AbortController();
    const promise = pool.run(task, { signal: waiting.signal }) as Promise<JobDelivery>;
    underWay.set(promise, waiting);
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
    const idle = Promise.allSettled(underWay.keys()).then(() => true);
    const giveUp = setTimeout(patience, false, { ref: false });
    if (await Promise.race([idle, giveUp])) await pool.destroy();
    else for (const thread of pool.threads) thread.unref();
  }

  let closing: Promise<void> | undefined;
  return {
    parallel: workers,
    async run(job, tensors) {
      for (let tried = 1; ; tried++) {
        if (closed()) throw new NeurostitchError('interrupted', 'The workers were told to stop');
        if (isLost()) return failedJob(`No worker can be started: ${reason}`);
        try {
          return await attempt({ job, tensors });
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error);
          if (isLost()) reason ||= why;
          else if (tried === attempts && !closed()) return failedJob(`The worker failed ${attempts} times: ${why}`);
        }
      }
    },
    close: () => (closing ??= drainAndDestroy()),
  };
}
