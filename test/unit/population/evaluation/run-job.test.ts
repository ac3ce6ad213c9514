// A job sees the training part to learn and the validation part only to measure; of a stitched child only stitches learn.
import { describe, expect, test } from 'vitest';
import { buildSupernetwork, fitPlan, activeStitches, singleCrossings } from '../../../../stitching/index.ts';
import { createJob, type Job, type JobSuccess, type TensorValues } from '../../../../population/evaluation/job.ts';
import { runJob, type JobData } from '../../../../population/evaluation/run-job.ts';
import { costOf } from '../../../../src/network/cost.ts';
import { referenceEngine } from '../../../../src/engine/reference/reference-engine.ts';
import { tensor, tensorHash } from '../../../../src/network/tensor.ts';
import { fromManifest, toManifest, type ModelManifest } from '../../../../src/store/model-manifest.ts';
import { freshTrainingState, type TrainedNetwork } from '../../../../src/training/training-state.ts';
import { bars, cnn, mlp } from '../../../helpers/bars.ts';

const data: JobData = { train: bars(30, 1), validation: bars(300, 2) };
const budget = { epochs: 2, batchSize: 8, learningRate: 0.01, fitSamples: 24 };
const whole = { rungs: null, latency: false };

async function successOf(job: Job): Promise<JobSuccess> {
  const { result } = await runJob(referenceEngine, data, job, tensors);
  if ('failure' in result) throw new Error(result.failure);
  return result.success;
}
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
  return createJob({ model: pack(parents[1]), stitching: null, trainable: null, budget, seed: 'job', ...whole });
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
    ...whole,
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

describe('what a job tells', () => {
  const macsOf = ({ network }: TrainedNetwork): number => costOf(network).macs;

  test('its MACs: three passes for each training step, the forward pass for each sample of validation', async () => {
    const { macs } = await successOf(mutantJob());
    const own = macsOf(parents[1]);
    expect(macs).toEqual({ training: 3 * own * 2 * 30, evaluation: own * 300 });
  });

  test('of stitched children, the passes of both parents that the fit takes, too', async () => {
    const job = { ...stitchedJob(), budget: { ...budget, epochs: 0 } };
    const { macs } = await successOf(job);
    expect(macs.training).toBe(24 * (macsOf(parents[0]) + macsOf(parents[1])));
    const trained = await successOf(stitchedJob());
    const child = fromManifest(trained.model, (hash) => new Float32Array(sizes(trained.model).get(hash)!));
    const steps = (trained.macs.training - macs.training) / (2 * 30);
    expect(steps).toBeGreaterThan(macsOf(child));
    expect(steps).toBeLessThan(3 * macsOf(child));
  });

  test('the samples it looked at, where a rival is better for certain', async () => {
    const { validation, macs } = await successOf({
      ...mutantJob(),
      rungs: { toBeat: { above: 0, at: null }, difficulty: null },
    });
    expect(validation.samples).toBe(38);
    expect(validation.error).toBeGreaterThan(0);
    expect(macs.evaluation).toBe(38 * macsOf(parents[1]));
  });

  test('the hardest samples first, by the difficulty that the job brings', async () => {
    const untrained = { ...mutantJob(), budget: { ...budget, epochs: 0 } };
    const total = data.validation.count;
    const { mistakes } = await successOf(untrained);
    const eighth = Math.ceil(total / 8);
    const right = total - mistakes.length;
    expect(Math.min(mistakes.length, right)).toBeGreaterThan(2 * eighth);
    const wrong = new Set(mistakes);
    const hard = Float32Array.from({ length: total }, (_, at) => Number(wrong.has(at)));
    // As many mistakes as an eighth has samples are one too many.
    const toBeat = { above: (eighth - 1) / total, at: null };
    const seenBy = async (rates: Float32Array<ArrayBuffer>): Promise<number> => {
      const ordering = tensor([total], rates);
      tensors.set(tensorHash(ordering), rates);
      const { validation } = await successOf({ ...untrained, rungs: { toBeat, difficulty: tensorHash(ordering) } });
      return validation.samples;
    };
    expect(await seenBy(hard)).toBe(eighth);
    expect(await seenBy(hard.map((rate) => 1 - rate))).toBeGreaterThanOrEqual(right + eighth);
  });

  test('the time for one sample, if it is asked for', async () => {
    expect((await successOf(mutantJob())).latency).toBeNull();
    expect((await successOf({ ...mutantJob(), latency: true })).latency).toBeGreaterThan(0);
  });

  test('another id where it may stop or has to take the time', () => {
    const { id, ...order } = mutantJob();
    const ids = [
      order,
      { ...order, rungs: { toBeat: { above: 0.1, at: null }, difficulty: null } },
      { ...order, latency: true },
    ].map((each) => createJob(each).id);
    expect(ids[0]).toBe(id);
    expect(new Set(ids).size).toBe(3);
  });

  function sizes({ nodes, moments }: ModelManifest): Map<string, number> {
    const params = nodes.flatMap((node) => Object.values(node.params));
    const memory = Object.values(moments).flatMap((own) => Object.values(own).flatMap((slots) => Object.values(slots)));
    return new Map([...params, ...memory].map(({ hash, shape }) => [hash, shape.reduce((a, b) => a * b, 1)]));
  }
});
