// Carries out jobs in worker threads that stay alive, with the data in shared memory.
import pLimit from 'p-limit';
import type { EngineName } from '../../src/engine/auto/engine-names.ts';
import { NeurostitchError, reasonOf } from '../../src/errors.ts';
import type { Executor } from './executor.ts';
import { failedJob, type JobDelivery } from './job.ts';
import type { JobData } from './run-job.ts';
import { threadModule } from './threads.ts';
import { WorkerThread } from './worker-thread.ts';
import type { WorkerTask } from './worker.ts';

/** More threads than this and V8 runs out of address space, which ends the process. */
export const mostWorkers = 256;

/** A job whose worker crashes or hangs is tried once more. */
const attempts = 2;

/** How jobs are carried out. */
export interface WorkerPoolOptions {
  /** What the workers compute with (default: onnx-cpu). */
  readonly engine?: EngineName;
  /** What the threads run. */
  readonly module?: URL;
  /**
   * Seconds after which a worker that has finished no batch and no compilation counts as hanging, and is replaced
   * (default: 600).
   */
  readonly patienceSeconds?: number;
}

/** `workers` threads, one job and one thread of the engine each. */
export function workerPool(
  workers: number,
  data: JobData,
  { engine = 'onnx-cpu', module = threadModule('worker'), patienceSeconds = 600 }: WorkerPoolOptions = {},
): Executor {
  const { train, validation } = data;
  const start = (): WorkerThread => new WorkerThread(module, { data: { train, validation }, engine });
  const idle = Array.from({ length: workers }, start);
  const limit = pLimit(workers);
  const underWay = new Set<WorkerThread>();
  const retiring: Promise<void>[] = [];
  let closing: Promise<unknown> | undefined;
  const isClosed = (): boolean => closing !== undefined;

  async function attempt(task: WorkerTask): Promise<JobDelivery> {
    const thread = idle.pop()!;
    underWay.add(thread);
    try {
      return await thread.run(task, patienceSeconds);
    } finally {
      underWay.delete(thread);
      if (thread.isHanging) retiring.push(thread.retire());
      if (!isClosed()) idle.push(thread.isHanging ? start() : thread);
    }
  }

  return {
    parallel: workers,
    run: (job, tensors) =>
      limit(async () => {
        for (let tried = 1; ; tried++) {
          if (isClosed()) throw new NeurostitchError('interrupted', 'The workers were told to stop');
          try {
            return await attempt({ job, tensors });
          } catch (error) {
            const why = reasonOf(error);
            if (tried === attempts && !isClosed()) return failedJob(`The worker failed ${attempts} times: ${why}`);
          }
        }
      }),
    close: async () => {
      closing ??= Promise.all([...idle, ...underWay].map((thread) => thread.retire()).concat(retiring));
      await closing;
    },
  };
}
