// What carries out jobs: worker threads here; other machines could follow.
import type { Job, JobDelivery, TensorValues } from './job.ts';

/** Something that carries out jobs. Delivering a job twice is harmless. */
export interface Executor {
  /** How many jobs it works on at once. */
  readonly parallel: number;
  /** Never rejects for a job that fails by itself; rejects when the executor is closed. */
  run(job: Job, tensors: TensorValues): Promise<JobDelivery>;
  /** Ends at once, dropping what is under way. */
  close(): Promise<void>;
}
