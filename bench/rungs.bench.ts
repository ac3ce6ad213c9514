// Validation by rungs against validation on all samples: the front that comes out, and the work that it took.
import { NeurostitchError } from '../src/errors.ts';
import { costOf } from '../src/network/cost.ts';
import type { ObjectiveVector } from '../src/pareto/dominance.ts';
import { hypervolumeShare } from '../src/pareto/hypervolume.ts';
import { RandomStream } from '../src/random/stream.ts';
import { freshTrainingState } from '../src/training/training-state.ts';
import { splitDataset, type Splits } from '../src/data/split.ts';
import { loadDataset } from '../src/data/dataset.ts';
import { onnxEngine } from '../src/engine/onnx/onnx-engine.ts';
import type { Candidate, Evaluated } from '../population/candidate.ts';
import { parseConfig, type EvolutionSettings } from '../population/config.ts';
import { evaluateAll } from '../population/evaluation/evaluate-all.ts';
import type { Executor } from '../population/evaluation/executor.ts';
import { SampleDifficulty } from '../population/evaluation/sample-difficulty.ts';
import { workerPool } from '../population/evaluation/worker-pool.ts';
import { Evolution } from '../population/evolution.ts';
import { RunObjectives } from '../population/objectives/run-objectives.ts';
import { noCompute } from '../population/results.ts';
import {
  buildSupernetwork,
  childNetwork,
  fitSupernetwork,
  genotypeKey,
  searchSupernetwork,
  type Genotype,
} from '../stitching/index.ts';
import { median } from './median.ts';
import { benchData, first, mnist, trainedParents } from './parents.ts';

const seeds = (process.env.SEEDS ?? '1,2,3,4,5').split(',').map(Number);
const workers = 2;

/** What one run came to. */
interface Outcome {
  /** Of the final front, each member on all validation samples, as a share of the box. */
  readonly hypervolume: number;
  readonly evaluations: number;
  readonly stopped: number;
  /** MACs. */
  readonly evaluation: number;
  /** What evaluation would have taken of the same networks on all samples. */
  readonly whole_evaluation: number;
  readonly training: number;
}

type Setting = (seed: number, rungs: boolean) => Promise<Outcome>;

const settings: Record<string, Setting> = {
  'digits, default run': (seed, rungs) => evolved(seed, rungs, 'digits', 1797, 0.2, {}),
  // Few samples to train on, many to judge by: evaluation takes a share of the work that saving it shows in.
  'mnist, few training samples': (seed, rungs) =>
    evolved(seed, rungs, mnist, 12_000, 0.65, {
      populationSize: 12,
      children: 12,
      training: { firstEpochs: 20, childEpochs: 4 },
    }),
  'mnist, search of a supernetwork': searched,
};

export async function measure(): Promise<object> {
  const results: Record<string, object> = {};
  const wanted = process.env.SETTING ?? '';
  for (const [name, run] of Object.entries(settings)) {
    if (!name.startsWith(wanted)) continue;
    const runs: { seed: number; all: Outcome; rungs: Outcome }[] = [];
    for (const seed of seeds) runs.push({ seed, all: await run(seed, false), rungs: await run(seed, true) });
    const ratio = (of: (outcome: Outcome) => number): number =>
      median(runs.map(({ all, rungs }) => of(rungs) / of(all)));
    results[name] = {
      median_ratio: {
        hypervolume: ratio(({ hypervolume }) => hypervolume),
        evaluation: ratio(({ evaluation }) => evaluation),
        evaluation_of_same_networks: median(runs.map(({ rungs }) => rungs.evaluation / rungs.whole_evaluation)),
        total: ratio(({ evaluation, training }) => evaluation + training),
      },
      runs,
    };
  }
  return { seeds, unit_of_work: 'MACs', ratio: 'with rungs over all samples', results };
}

/** Evaluates, and counts what that took. */
class Ledger {
  readonly #executor: Executor;
  readonly #samples: number;
  #evaluations = 0;
  #stopped = 0;
  #evaluation = 0;
  #wholeEvaluation = 0;
  #training = 0;

  constructor({ validation, train }: Splits) {
    this.#executor = workerPool(workers, { validation, train });
    this.#samples = validation.count;
  }

  async evaluate(candidates: readonly Candidate[]): Promise<Evaluated[]> {
    const evaluated = await Promise.all(evaluateAll(this.#executor, candidates));
    for (const result of evaluated) {
      if ('failure' in result) continue;
      this.#evaluations += 1;
      if (result.validation.samples < this.#samples) this.#stopped += 1;
      this.#evaluation += result.macs.evaluation;
      this.#wholeEvaluation += costOf(result.trained.network).macs * this.#samples;
      this.#training += result.macs.training;
    }
    return evaluated;
  }

  async close(hypervolume: number): Promise<Outcome> {
    await this.#executor.close();
    return {
      hypervolume,
      evaluations: this.#evaluations,
      stopped: this.#stopped,
      evaluation: this.#evaluation,
      whole_evaluation: this.#wholeEvaluation,
      training: this.#training,
    };
  }
}

async function evolved(
  seed: number,
  rungs: boolean,
  data: string,
  most: number,
  validation: number,
  settings: EvolutionSettings,
): Promise<Outcome> {
  const { samples } = await loadDataset(data);
  const dataset = { name: data, hash: '', samples: first(samples, most), heldOut: undefined };
  const splits = splitDataset(dataset, { validation, test: 0.2 }, RandomStream.fromSeed(seed));
  const ledger = new Ledger(splits);
  const { shape, classes } = splits.train;
  const evolution = new Evolution({ ...settings, seed, rungs }, { shape, classes });
  while (!evolution.finished) {
    const candidates = evolution.ask();
    const evaluated = await ledger.evaluate(candidates);
    candidates.forEach((candidate, at) => evolution.tell(candidate, evaluated[at]!));
  }
  const isWhole = evolution
    .front()
    .every(({ outcome }) => 'values' in outcome && outcome.validation.samples === splits.validation.count);
  if (!isWhole) throw new NeurostitchError('evaluation-failed', 'Expected a front validated on all samples, got less');
  return ledger.close(evolution.hypervolume());
}

/** Children of two trained networks, with stitches fitted beforehand: nothing but evaluation. */
async function searched(seed: number, rungs: boolean): Promise<Outcome> {
  const engine = onnxEngine({ threads: workers });
  const { splits } = await benchData(seed, mnist);
  const parents = await trainedParents(engine, splits, seed, 1);
  const fitSamples = first(splits.train, 2000);
  const supernetwork = await fitSupernetwork(engine, buildSupernetwork(...parents), {
    data: Float32Array.from(fitSamples.inputs),
    count: fitSamples.count,
  });
  const ledger = new Ledger(splits);
  const known = new Map<string, ObjectiveVector>();
  const objectives = new RunObjectives(parseConfig({}));
  const difficulty = new SampleDifficulty();
  const candidateOf = (genotype: Genotype): Candidate => {
    const network = childNetwork(supernetwork, genotype);
    return {
      id: genotypeKey(genotype),
      child: { network, state: freshTrainingState },
      provenance: { how: 'first', name: 'child', parents: [] },
      stitching: null,
      trainable: null,
      budget: { epochs: 0, batchSize: 1, learningRate: 0, fitSamples: 0 },
      seed: '',
      inherited: noCompute,
      rungs: rungs
        ? { toBeat: objectives.errorToBeat(network, [...known.values()]), difficulty: difficulty.rates }
        : null,
      latency: false,
    };
  };
  const judge = async (genotypes: readonly Genotype[]): Promise<ObjectiveVector[]> => {
    const fresh = genotypes.filter((genotype) => !known.has(genotypeKey(genotype)));
    const evaluated = await ledger.evaluate(fresh.map(candidateOf));
    evaluated.forEach((result, at) => {
      if ('failure' in result) throw new NeurostitchError('evaluation-failed', result.failure);
      known.set(genotypeKey(fresh[at]!), [result.validation.error, costOf(result.trained.network).macs]);
      difficulty.add(result.validation, result.mistakes);
    });
    difficulty.settle();
    return genotypes.map((genotype) => known.get(genotypeKey(genotype))!);
  };
  const options = { budget: 200, rng: RandomStream.fromSeed(`search ${seed}`) };
  const { front } = await searchSupernetwork(supernetwork, 'nsga2', judge, options);
  const reference = [1, 2 * Math.max(...parents.map(({ network }) => costOf(network).macs))];
  return ledger.close(
    hypervolumeShare(
      front.map(({ objectives }) => objectives),
      reference,
    ),
  );
}
