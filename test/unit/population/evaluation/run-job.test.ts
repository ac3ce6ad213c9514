// A job sees the training part to learn and the validation part only to measure; of a stitched child only stitches learn.
import { describe, expect, test } from 'vitest';
import { buildSupernetwork, fitPlan, activeStitches, singleCrossings } from '../../../stitching/index.ts';
import { createJob, type Job, type TensorValues } from '../../../population/evaluation/job.ts';
import { runJob, type JobData } from '../../../population/evaluation/run-job.ts';
import { referenceEngine } from '../../../src/engine/reference/reference-engine.ts';
import { fromManifest, toManifest, type ModelManifest } from '../../../src/store/model-manifest.ts';
import { freshTrainingState, type TrainedNetwork } from '../../../src/training/training-state.ts';
import { bars, cnn, mlp } from '../../helpers/bars.ts';

const data: JobData = { train: bars(30, 1), validation: bars(300, 2) };
const budget = { epochs: 2, batchSize: 8, learningRate: 0.01, fitSamples: 24 };
const tensors = new Map<string, Float32Array<ArrayBuffer>>();
const pack = (trained: TrainedNetwork): ModelManifest => {
  const packed = toManifest(trained);
  for (const [hash, { data: values }] of packed.tensors) tensors.set(hash, values);
  return packed.manifest;
};
const parents = [mlp(), cnn()].map((network) => ({ network, state: freshTrainingState })) as [
  TrainedNetwork,
  TrainedNetwork,
];

function mutantJob(): Job {
  return createJob({ model: pack(parents[1]), stitching: null, trainable: null, budget, seed: 'job' });
}

function stitchedJob(): Job {
  const supernetwork = buildSupernetwork(...parents);
  const { genotype } = singleCrossings(supernetwork)[0]!;
  const { child, fits } = fitPlan(supernetwork, genotype);
  expect(fits.length).toBeGreaterThan(0);
  return createJob({
    model: pack(child),
    stitching: { parents: [pack(parents[0]), pack(parents[1])], fits },
    trainable: activeStitches(supernetwork, genotype),
    budget,
    seed: 'job',
  });
}

async function succeed(
  job: Job,
  parts: JobData,
): Promise<{ model: ModelManifest; changed: TensorValues; error: number }> {
  const { result, changed } = await runJob(referenceEngine, parts, job, tensors);
  if ('failure' in result) throw new Error(result.failure);
  return { model: result.success.model, changed, error: result.success.validation.error };
}

describe.each([
  ['a mutant', mutantJob],
  ['a stitched child', stitchedJob],
])('%s', (_, jobOf) => {
  test('learns from the training part only', async () => {
    const job = jobOf();
    const { model } = await succeed(job, data);
    expect((await succeed(job, { ...data, validation: bars(9, 3) })).model).toEqual(model);
    expect((await succeed(job, { ...data, train: bars(30, 4) })).model).not.toEqual(model);
  });

  test('is measured on every sample of the validation part, and on no other', async () => {
    const { model, changed, error } = await succeed(jobOf(), data);
    const { network } = fromManifest(model, (hash) => changed.get(hash) ?? tensors.get(hash)!);
    const program = await referenceEngine.compile([network]);
    const { inputs, labels, count } = data.validation;
    const [logits] = await program.forward({ size: count, data: inputs });
    const wrong = Array.from(labels).filter((label, i) => logits![2 * i]! > logits![2 * i + 1]! !== (label === 0));
    expect(error).toBeCloseTo(wrong.length / count, 12);
  });
});

test('of a stitched child only the stitches change', async () => {
  const job = stitchedJob();
  const { model } = await succeed(job, data);
  const tensorsOf = ({ nodes }: ModelManifest): Map<string, string> =>
    new Map(nodes.map((node) => [node.id, JSON.stringify(node)]));
  const [before, after] = [tensorsOf(job.model), tensorsOf(model)];
  const changed = [...after].filter(([id, node]) => before.get(id) !== node).map(([id]) => id);
  expect(changed.toSorted()).toEqual(job.trainable!.toSorted());
});
