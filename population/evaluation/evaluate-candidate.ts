// Sends a candidate to an executor as a job, and puts together what comes back.
import { fromManifest, toManifest, type ModelManifest } from '../../src/store/model-manifest.ts';
import { freshTrainingState, type TrainedNetwork } from '../../src/training/training-state.ts';
import type { Candidate, Evaluated } from '../candidate.ts';
import type { Executor } from './executor.ts';
import { createJob, type Job, type TensorValues } from './job.ts';

/** Tensors that training did not change are the candidate's own. */
export async function evaluateCandidate(executor: Executor, candidate: Candidate): Promise<Evaluated> {
  const { job, tensors } = jobOf(candidate);
  const { result, changed } = await executor.run(job, tensors);
  if ('failure' in result) return result;
  const { model, validation, fit, samplesSeen } = result.success;
  const trained = fromManifest(model, (hash) => changed.get(hash) ?? tensors.get(hash)!);
  return { trained, validation, fit, samplesSeen };
}

/** The candidate as a job, with the tensors that the job names. */
function jobOf(candidate: Candidate): { readonly job: Job; readonly tensors: TensorValues } {
  const tensors = new Map<string, Float32Array<ArrayBuffer>>();
  const pack = (trained: TrainedNetwork): ModelManifest => {
    const packed = toManifest(trained);
    for (const [hash, { data }] of packed.tensors) tensors.set(hash, data);
    return packed.manifest;
  };
  const { child, stitching, trainable, budget, seed } = candidate;
  const parents = stitching?.parents.map(({ network }) => pack({ network, state: freshTrainingState }));
  const job = createJob({
    model: pack(child),
    stitching: stitching && { parents: parents as [ModelManifest, ModelManifest], fits: stitching.fits },
    trainable,
    budget,
    seed,
  });
  return { job, tensors };
}
