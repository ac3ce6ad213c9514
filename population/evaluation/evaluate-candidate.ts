// Sends a candidate to an executor as a job, and puts together what comes back.
import { tensorHash } from '../../src/network/tensor.ts';
import { fromManifest, toManifest, type ModelManifest } from '../../src/store/model-manifest.ts';
import { freshTrainingState, type TrainedNetwork } from '../../src/training/training-state.ts';
import type { Candidate, Evaluated } from '../candidate.ts';
import type { Executor } from './executor.ts';
import { createJob, type Job, type TensorValues } from './job.ts';

/** A job, and the tensors that it names. */
interface Order {
  readonly job: Job;
  readonly tensors: TensorValues;
}

/** Tensors that training did not change are the candidate's own. */
export async function evaluateCandidate(executor: Executor, candidate: Candidate): Promise<Evaluated> {
  if (candidate.failure !== undefined) return { failure: candidate.failure };
  const { job, tensors } = orderOf(candidate);
  const { result, changed } = await executor.run(job, tensors);
  if ('failure' in result) return result;
  const { model, ...measured } = result.success;
  const trained = fromManifest(model, (hash) => changed.get(hash) ?? tensors.get(hash)!);
  return { ...measured, trained };
}

/** The id of the candidate's job: a hash over all that decides the result. */
export function jobIdOf(candidate: Candidate): string {
  return orderOf(candidate).job.id;
}

function orderOf(candidate: Candidate): Order {
  const tensors = new Map<string, Float32Array<ArrayBuffer>>();
  const pack = (trained: TrainedNetwork): ModelManifest => {
    const packed = toManifest(trained);
    for (const [hash, { data }] of packed.tensors) tensors.set(hash, data);
    return packed.manifest;
  };
  const { child, stitching, trainable, budget, seed, rungs, latency } = candidate;
  const parents = stitching?.parents.map(({ network }) => pack({ network, state: freshTrainingState }));
  const difficulty = rungs?.difficulty ? tensorHash(rungs.difficulty) : null;
  if (rungs?.difficulty) tensors.set(tensorHash(rungs.difficulty), rungs.difficulty.data);
  const job = createJob({
    model: pack(child),
    stitching: stitching && { parents: parents as [ModelManifest, ModelManifest], fits: stitching.fits },
    trainable,
    budget,
    seed,
    rungs: rungs && { toBeat: rungs.toBeat, difficulty },
    latency,
  });
  return { job, tensors };
}
