import { expect, test } from 'vitest';
import { inProcess } from '../../../../population/evaluation/in-process.ts';
import { createJob, type Job, type TensorValues } from '../../../../population/evaluation/job.ts';
import { allocateSamples } from '../../../../src/data/samples.ts';
import type { Engine } from '../../../../src/engine/engine.ts';
import { referenceEngine } from '../../../../src/engine/reference/reference-engine.ts';
import { NetworkBuilder } from '../../../../src/network/network-builder.ts';
import { RandomStream } from '../../../../src/random/stream.ts';
import { toManifest } from '../../../../src/store/model-manifest.ts';
import { freshTrainingState } from '../../../../src/training/training-state.ts';

const samples = allocateSamples([2], 2, 4);
samples.inputs.set([0, 1, 1, 0, 0, 2, 2, 0]);
samples.labels.set([0, 1, 0, 1]);
const data = { train: samples, validation: samples };

/** A dense layer to be evaluated as it is. */
function denseJob(): { job: Job; tensors: TensorValues } {
  const builder = new NetworkBuilder([2], RandomStream.fromSeed(1));
  builder.layer('dense', { units: 2 });
  const { manifest, tensors } = toManifest({ network: builder.build(), state: freshTrainingState });
  const whole = { rungs: null, latency: false };
  const budget = { epochs: 0, batchSize: 2, learningRate: 0.01, fitSamples: 16 };
  const job = createJob({ model: manifest, stitching: null, trainable: null, budget, seed: 'job', ...whole });
  return { job, tensors: new Map([...tensors].map(([hash, { data: values }]) => [hash, values])) };
}

test('an error of any kind is a result', async () => {
  const broken: Engine = { ...referenceEngine, compile: () => Promise.reject(new RangeError('out of memory')) };
  const { job, tensors } = denseJob();
  const delivery = await inProcess(broken, data).run(job, tensors);
  expect(delivery).toEqual({ result: { failure: 'out of memory' }, changed: new Map() });
});

test('a loss that is not finite is a failure, not a score', async () => {
  const overflowing: Engine = {
    ...referenceEngine,
    async compile(...call) {
      const program = await referenceEngine.compile(...call);
      program.forward = ({ size }) => Promise.resolve([new Float32Array(2 * size).fill(NaN)]);
      return program;
    },
  };
  const { job, tensors } = denseJob();
  const { result } = await inProcess(overflowing, data).run(job, tensors);
  expect(result).toEqual({ failure: 'Expected a finite validation loss, got NaN' });
});

test('once closed, it refuses jobs and drops what is under way', async () => {
  const executor = inProcess(referenceEngine, data);
  const { job, tensors } = denseJob();
  const underWay = executor.run(job, tensors);
  await executor.close();
  await expect(underWay).rejects.toMatchObject({ code: 'interrupted' });
  await expect(executor.run(job, tensors)).rejects.toMatchObject({ code: 'interrupted' });
});
