// A worker thread: carries out jobs with an engine of one thread, on data it shares with the others.
import { workerData } from 'piscina';
import { engineCandidate } from '../../src/engine/auto/engine-candidates.ts';
import type { EngineName } from '../../src/engine/auto/engine-names.ts';
import { guardedEngine } from './guarded-engine.ts';
import type { Job, JobDelivery, TensorValues } from './job.ts';
import { runJob, type JobData } from './run-job.ts';
import { stoppableEngine } from './stoppable-engine.ts';
import { WorkerSignals } from './worker-signals.ts';

/** What the pool hands to each of its threads. */
export interface WorkerSetup {
  readonly data: JobData;
  readonly engine: EngineName;
  /** Memory of its `WorkerSignals`. */
  readonly signals: SharedArrayBuffer;
}

/** What the pool asks of a thread. */
export interface WorkerTask {
  readonly job: Job;
  readonly tensors: TensorValues;
}

const { data, engine: name, signals: memory } = workerData as WorkerSetup;
const signals = new WorkerSignals(memory);
const stoppable = stoppableEngine(await engineCandidate(name).create({ threads: 1 }), () => signals.stopped);
const engine = guardedEngine(stoppable, signals.guard);
signals.beat();

export default function work({ job, tensors }: WorkerTask): Promise<JobDelivery> {
  return runJob(engine, data, job, tensors);
}
