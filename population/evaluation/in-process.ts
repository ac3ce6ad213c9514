// Carries out jobs one after the other in this thread: for other engines, and for looking at what a job does.
import type { Engine } from '../../src/engine/engine.ts';
import type { Executor } from './executor.ts';
import { runJob, type JobData } from './run-job.ts';
import { stoppableEngine } from './stoppable-engine.ts';

/** An executor without worker threads. Once closed it refuses jobs, and drops the one under way before its next batch. */
export function inProcess(engine: Engine, data: JobData): Executor {
  let closed = false;
  const stoppable = stoppableEngine(engine, () => closed);
  return {
    parallel: 1,
    run: (job, tensors) => runJob(stoppable, data, job, tensors),
    close() {
      closed = true;
      return Promise.resolve();
    },
  };
}
