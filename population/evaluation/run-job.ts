// Carries out one job: fit stitches, train what is new, evaluate. A pure function of the job and the data.
import { applyFits, fitStitches } from '../../stitching/index.ts';
import { batchOf, type Samples } from '../../src/data/samples.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { expected, NeurostitchError } from '../../src/errors.ts';
import { RandomStream } from '../../src/random/stream.ts';
import { fromManifest, toManifest, type ModelManifest } from '../../src/store/model-manifest.ts';
import { evaluate } from '../../src/training/evaluate.ts';
import { train } from '../../src/training/train.ts';
import type { TrainedNetwork } from '../../src/training/training-state.ts';
import { failedJob, type Job, type JobDelivery, type JobSuccess, type TensorValues } from './job.ts';

/** The samples that jobs may see; the test part is never among them. */
export interface JobData {
  readonly train: Samples;
  readonly validation: Samples;
}

/**
 * Errors (a loss that is not finite, a graph that does not run) become a failure. Throws only `interrupted`, where the
 * engine does.
 */
export async function runJob(engine: Engine, data: JobData, job: Job, tensors: TensorValues): Promise<JobDelivery> {
  try {
    return await carryOut(engine, data, job, tensors);
  } catch (error) {
    if (error instanceof NeurostitchError && error.code === 'interrupted') throw error;
    return failedJob(error instanceof Error ? error.message : String(error));
  }
}

async function carryOut(engine: Engine, data: JobData, job: Job, tensors: TensorValues): Promise<JobDelivery> {
  const unpack = (manifest: ModelManifest): TrainedNetwork => fromManifest(manifest, (hash) => tensors.get(hash)!);
  let trained = unpack(job.model);
  let fit: readonly number[] = [];
  if (job.stitching) {
    const [a, b] = job.stitching.parents;
    const networks = [unpack(a).network, unpack(b).network] as const;
    const seen = batchOf(data.train, firstPositions(Math.min(job.budget.fitSamples, data.train.count)));
    const samples = { data: seen.data, count: seen.size };
    const fitted = await fitStitches(engine, networks, job.stitching.fits, samples);
    trained = applyFits(trained, fitted);
    fit = fitted.map((stitch) => stitch.r2);
    const strange = fit.find((r2) => !Number.isFinite(r2));
    if (strange !== undefined) throw expected('evaluation-failed', 'a finite R^2 of each stitch', strange);
  }
  const { epochs, batchSize, learningRate } = job.budget;
  const options = {
    epochs,
    batchSize,
    learningRate,
    ...(job.trainable && { trainable: new Set(job.trainable) }),
  };
  const result = await train(engine, trained, data.train, options, RandomStream.fromSeed(job.seed));
  const validation = (await evaluate(engine, [result.network], data.validation))[0]!;
  if (!Number.isFinite(validation.loss)) {
    throw expected('evaluation-failed', 'a finite validation loss', validation.loss);
  }
  const packed = toManifest(result);
  const success: JobSuccess = { model: packed.manifest, validation, fit, samplesSeen: result.samplesSeen };
  const changed = [...packed.tensors]
    .filter(([hash]) => !tensors.has(hash))
    .map(([hash, { data: values }]) => [hash, values] as const);
  return { result: { success }, changed: new Map(changed) };
}

function firstPositions(count: number): number[] {
  return Array.from({ length: count }, (_, position) => position);
}
