// Carries out one job: fit stitches, train what is new, evaluate. A pure function of the job and the data, latency apart.
import { applyFits, fitStitches } from '../../stitching/index.ts';
import { batchOf, type Samples } from '../../src/data/samples.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { expected, NeurostitchError, reasonOf } from '../../src/errors.ts';
import { costOf } from '../../src/network/cost.ts';
import type { Network } from '../../src/network/network.ts';
import { RandomStream } from '../../src/random/stream.ts';
import { fromManifest, toManifest, type ModelManifest } from '../../src/store/model-manifest.ts';
import { train } from '../../src/training/train.ts';
import type { TrainedNetwork } from '../../src/training/training-state.ts';
import { failedJob, type Job, type JobDelivery, type JobSuccess, type TensorValues } from './job.ts';
import { measureLatency } from './latency.ts';
import { validateByRungs } from './rungs.ts';
import { trainingMacs } from './training-macs.ts';

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
    return failedJob(reasonOf(error));
  }
}

async function carryOut(engine: Engine, data: JobData, job: Job, tensors: TensorValues): Promise<JobDelivery> {
  const unpack = (manifest: ModelManifest): TrainedNetwork => fromManifest(manifest, (hash) => tensors.get(hash)!);
  const child = unpack(job.model);
  const { trained, fit, macs } = job.stitching
    ? await fitted(engine, child, job.stitching, unpack, job.budget.fitSamples, data.train)
    : { trained: child, fit: [], macs: 0 };
  const { epochs, batchSize, learningRate } = job.budget;
  const trainable = job.trainable ? new Set(job.trainable) : undefined;
  const options = { epochs, batchSize, learningRate, ...(trainable && { trainable }) };
  const result = await train(engine, trained, data.train, options, RandomStream.fromSeed(job.seed));
  const { samplesSeen, network } = result;
  const difficulty = job.rungs?.difficulty ? tensors.get(job.rungs.difficulty)! : null;
  const measured = await validated(engine, network, data.validation, job, difficulty);
  const packed = toManifest(result);
  const success: JobSuccess = {
    model: packed.manifest,
    ...measured,
    fit,
    samplesSeen,
    macs: {
      training: macs + samplesSeen * trainingMacs(network, trainable),
      evaluation: measured.validation.samples * costOf(network).macs,
    },
  };
  const changed = [...packed.tensors]
    .filter(([hash]) => !tensors.has(hash))
    .map(([hash, { data: values }]) => [hash, values] as const);
  return { result: { success }, changed: new Map(changed) };
}

/** The child with fitted stitches, the R^2 of each, and the MACs that both parents' forward passes took. */
async function fitted(
  engine: Engine,
  child: TrainedNetwork,
  { parents, fits }: NonNullable<Job['stitching']>,
  unpack: (manifest: ModelManifest) => TrainedNetwork,
  most: number,
  samples: Samples,
): Promise<{ readonly trained: TrainedNetwork; readonly fit: readonly number[]; readonly macs: number }> {
  const networks = [unpack(parents[0]).network, unpack(parents[1]).network] as const;
  const { data, size: count } = batchOf(samples, firstPositions(Math.min(most, samples.count)));
  const stitches = await fitStitches(engine, networks, fits, { data, count });
  const fit = stitches.map(({ r2 }) => r2);
  const strange = fit.find((r2) => !Number.isFinite(r2));
  if (strange !== undefined) throw expected('evaluation-failed', 'a finite R^2 of each stitch', strange);
  const macs = fits.length > 0 ? count * networks.reduce((sum, network) => sum + costOf(network).macs, 0) : 0;
  return { trained: applyFits(child, stitches), fit, macs };
}

async function validated(
  engine: Engine,
  network: Network,
  samples: Samples,
  { rungs, latency }: Job,
  difficulty: Float32Array | null,
): Promise<Pick<JobSuccess, 'validation' | 'confusion' | 'mistakes' | 'latency'>> {
  const program = await engine.compile([network]);
  try {
    const measured = await validateByRungs(program, samples, { toBeat: rungs?.toBeat ?? null, difficulty });
    const { loss } = measured.validation;
    if (!Number.isFinite(loss)) throw expected('evaluation-failed', 'a finite validation loss', loss);
    return { ...measured, latency: latency ? await measureLatency(program, samples) : null };
  } finally {
    await program.dispose();
  }
}

function firstPositions(count: number): number[] {
  return Array.from({ length: count }, (_, position) => position);
}
