// A recombination under way: what its children are told of each other's mistakes.
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { parseConfig, type Executor, type Job, type JobSuccess } from '../../../population/index.ts';
import { Recombination } from '../../../population/recombination.ts';
import { RunWriter } from '../../../population/run/run-directory.ts';
import { referenceEngine } from '../../../src/engine/reference/reference-engine.ts';
import { withFreshWeights } from '../../../src/layers/fresh-weights.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { freshTrainingState } from '../../../src/training/training-state.ts';
import { buildSupernetwork, fitSupernetwork } from '../../../stitching/index.ts';
import { bars, cnn } from '../../helpers/bars.ts';
import { syntheticRunRecord } from '../../helpers/run-record.ts';
import { newRunFolder } from '../../helpers/small-run.ts';

test('children of a search are validated by what was seen of those before', async () => {
  const jobs: Job[] = [];
  const executor: Executor = {
    parallel: 1,
    run: (job) => {
      const success: JobSuccess = {
        model: job.model,
        validation: { error: 0.5, loss: 1, samples: 30 },
        confusion: [],
        mistakes: [jobs.length % 30],
        latency: null,
        fit: [],
        samplesSeen: 0,
        macs: { training: 0, evaluation: 0 },
      };
      jobs.push(job);
      return Promise.resolve({ result: { success }, changed: new Map() });
    },
    close: () => Promise.resolve(),
  };
  const config = parseConfig({ children: 24, rungs: true, generations: 2 });
  const folder = newRunFolder();
  const writer = RunWriter.create(folder, config);
  try {
    writer.append(syntheticRunRecord({ size: 8 }).start);
    const other = withFreshWeights(cnn(), RandomStream.fromSeed('other'));
    const models = [cnn(), other].map((network) => ({ network, state: freshTrainingState }));
    const supernetwork = await fitSupernetwork(referenceEngine, buildSupernetwork(models[0]!, models[1]!), {
      data: Float32Array.from(bars(30, 1).inputs),
      count: 30,
    });
    const run = new Recombination({ config, search: 'nsga2', writer, executor, events: {} });
    await run.addModels([
      { name: 'one', trained: models[0]! },
      { name: 'two', trained: models[1]! },
    ]);
    await run.searchChildren(supernetwork);
  } finally {
    writer.close();
    rmSync(dirname(folder), { recursive: true });
  }
  const difficulties = jobs.map(({ rungs }) => rungs!.difficulty);
  expect(difficulties.slice(0, 2)).toEqual([null, null]);
  // The models' mistakes, and those of one round after the other.
  expect(difficulties[2]).not.toBeNull();
  expect(new Set(difficulties.slice(2)).size).toBeGreaterThan(1);
});
