// A worker thread: carries out jobs with one onnx thread, on data it shares with the others.
import { workerData } from 'piscina';
import { onnxEngine } from '../../src/engine/onnx/onnx-engine.ts';
import type { Job, JobDelivery, TensorValues } from './job.ts';
import { runJob, type JobData } from './run-job.ts';

const data = workerData as JobData;
const engine = onnxEngine({ threads: 1 });

export default function work({ job, tensors }: { job: Job; tensors: TensorValues }): Promise<JobDelivery> {
  return runJob(engine, data, job, tensors);
}
