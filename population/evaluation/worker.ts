// A worker thread: carries out jobs with one onnx thread, on data it shares with the others.
import { workerData } from 'piscina';
import type { Samples } from '../../src/data/samples.ts';
import { onnxEngine } from '../../src/engine/onnx/onnx-engine.ts';
import type { Job, JobDelivery, TensorValues } from './job.ts';
import { runJob } from './run-job.ts';
import { stoppableEngine } from './stoppable-engine.ts';

/** What the pool hands to each of its threads. */
export interface WorkerSetup {
  readonly train: Samples;
  readonly validation: Samples;
  /** One number in shared memory; anything but 0 means: stop. */
  readonly stop: Int32Array<SharedArrayBuffer>;
}

const { train, validation, stop } = workerData as WorkerSetup;
const engine = stoppableEngine(onnxEngine({ threads: 1 }), () => Atomics.load(stop, 0) !== 0);

export default function work({ job, tensors }: { job: Job; tensors: TensorValues }): Promise<JobDelivery> {
  return runJob(engine, { train, validation }, job, tensors);
}
