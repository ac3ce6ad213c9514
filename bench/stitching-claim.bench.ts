// Whether stitching finds children that neither parent nor their ensemble dominates on test data, and what they cost.
import type { Splits } from '../src/data/split.ts';
import type { Engine } from '../src/engine/engine.ts';
import { onnxEngine } from '../src/engine/onnx/onnx-engine.ts';
import { costOf } from '../src/network/cost.ts';
import type { Network } from '../src/network/network.ts';
import { dominates, type ObjectiveVector } from '../src/pareto/dominance.ts';
import { survive } from '../src/pareto/nsga2.ts';
import { RandomStream } from '../src/random/stream.ts';
import { evaluate } from '../src/training/evaluate.ts';
import { train } from '../src/training/train.ts';
import { freshTrainingState, type TrainedNetwork } from '../src/training/training-state.ts';
import {
  activeStitches,
  buildSupernetwork,
  decode,
  fineTune,
  fitSupernetwork,
  parentGenotype,
  searchSupernetwork,
  type Genotype,
  type Supernetwork,
} from '../stitching/index.ts';
import { withFreshWeights } from '../src/layers/fresh-weights.ts';
import { benchData, first, trainedParents } from './parents.ts';

const seeds = (process.env.SEEDS ?? '1,2,3,4,5').split(',').map(Number);
const engine = onnxEngine({ threads: 1 });
/** Every sum here is small beside the training of the parents: all that is trained counts three forward passes. */
const passesOfTraining = 3;

/** What every seed does; the page quotes it. */
export const claimSettings = {
  parentEpochs: 3,
  /** Of the plain parent: narrow, so that the residual one costs more and is better. */
  plainWidths: [4, 8, 8, 16],
  parentRate: 4e-3,
  fitSamples: 2000,
  /** All children of one and two stitches, up to this many. */
  childrenEvaluated: 250,
  childrenTuned: 12,
  tuneEpochs: 2,
  tuneRate: 2e-3,
} as const;

/** A network and its errors: 0..1. */
interface Judged {
  readonly macs: number;
  readonly validation: number;
  readonly test: number;
}

/** A child on the front of validation error and MACs. */
export interface ChildResult extends Judged {
  readonly stitches: number;
  readonly tuned: boolean;
  /** Test error of the same wiring with its stitches unfitted: channel i for channel i. */
  readonly naive: number;
  /** Which of the parents and their average dominate it on test data. */
  readonly dominatedBy: readonly string[];
  /** Which of them it dominates on test data. */
  readonly dominates: readonly string[];
}

/** The best child's architecture, by validation error, trained from its beginnings. */
export interface Control {
  readonly epochs: number;
  readonly test: number;
}

/** What one seed came to. */
export interface SeedResult {
  readonly seed: number;
  readonly stitches: number;
  readonly a: Judged;
  readonly b: Judged;
  readonly average: Judged;
  readonly children: readonly ChildResult[];
  readonly best: ChildResult;
  readonly scratch: {
    /** For as much compute as both parents, the fit and the child's own training took. */
    readonly total: Control;
    /** For as much as the fit and the child's own training took. */
    readonly beyondParents: Control;
  };
  readonly cpuSeconds: number;
}

export async function measure(): Promise<{ data: string; settings: object; seeds: readonly SeedResult[] }> {
  const results: SeedResult[] = [];
  let data = '';
  for (const seed of seeds) {
    const { name, splits } = await benchData(seed);
    data = name;
    const result = await claimOf(seed, splits);
    process.stderr.write(`seed ${seed}: ${result.cpuSeconds} s\n`);
    results.push(result);
  }
  return { data, settings: claimSettings, seeds: results };
}

/** A child as the search or the tuning left it. */
interface Child {
  readonly genotype: Genotype;
  readonly network: Network;
  readonly tuned: boolean;
  readonly objectives: ObjectiveVector;
}

async function claimOf(seed: number, splits: Splits): Promise<SeedResult> {
  const before = process.cpuUsage();
  const { parentEpochs, plainWidths, fitSamples } = claimSettings;
  const parents = await trainedParents(engine, splits, seed, parentEpochs, plainWidths);
  const unfitted = buildSupernetwork(...parents);
  const seen = first(splits.train, fitSamples);
  const samples = { data: Float32Array.from(seen.inputs), count: seen.count };
  const supernetwork = await fitSupernetwork(engine, unfitted, samples);
  const searched = await searchedChildren(supernetwork, splits, seed);
  const tuned = await tunedChildren(supernetwork, searched, splits, seed);

  const ends = (['a', 'b', 'average'] as const).map((output) => {
    const { network } = decode(supernetwork, parentGenotype(supernetwork, output));
    return { name: output, network };
  });
  const children = frontOf([...searched, ...tuned]);
  const naive = children.map(({ genotype }) => decode(unfitted, genotype).network);
  const networks = [...ends.map(({ network }) => network), ...children.map(({ network }) => network)];
  const [validation, test] = [
    await errorsOf(engine, networks, splits.validation),
    await errorsOf(engine, [...networks, ...naive], splits.test),
  ];
  const judged = networks.map((network, at): Judged => {
    return { macs: costOf(network).macs, validation: validation[at]!, test: test[at]! };
  });
  const onTest = ({ macs, test: error }: Judged): ObjectiveVector => [error, macs];
  const results = children.map(({ genotype, tuned: wasTuned }, at): ChildResult => {
    const own = judged[ends.length + at]!;
    const named = (holds: (end: ObjectiveVector) => boolean): string[] =>
      ends.filter((_, end) => holds(onTest(judged[end]!))).map(({ name }) => name);
    return {
      ...own,
      stitches: activeStitches(supernetwork, genotype).length,
      tuned: wasTuned,
      naive: test[networks.length + at]!,
      dominatedBy: named((end) => dominates(end, onTest(own))),
      dominates: named((end) => dominates(onTest(own), end)),
    };
  });
  const bestAt = indexOfLeast(results.map((child) => child.validation));
  const [a, b, average] = judged;
  const scratch = await controls(parents, children[bestAt]!, splits, seed);
  const { user, system } = process.cpuUsage(before);
  return {
    seed,
    stitches: supernetwork.stitches.length,
    a: a!,
    b: b!,
    average: average!,
    children: results,
    best: results[bestAt]!,
    scratch,
    cpuSeconds: Math.round((user + system) / 1e6),
  };
}

/** Children of one and two stitches, cheapest first, as they are fitted. */
async function searchedChildren(supernetwork: Supernetwork, { validation }: Splits, seed: number): Promise<Child[]> {
  const judge = async (genotypes: readonly Genotype[]): Promise<ObjectiveVector[]> => {
    const networks = genotypes.map((genotype) => decode(supernetwork, genotype).network);
    const errors = await errorsOf(engine, networks, validation);
    return networks.map((network, at) => [errors[at]!, costOf(network).macs]);
  };
  const options = { budget: claimSettings.childrenEvaluated, rng: RandomStream.fromSeed(`search ${seed}`) };
  const { evaluated } = await searchSupernetwork(supernetwork, 'crossings', judge, options);
  return evaluated
    .filter(({ genotype }) => activeStitches(supernetwork, genotype).length > 0)
    .map((child) => ({ ...child, network: decode(supernetwork, child.genotype).network, tuned: false }));
}

/** The best by rank and crowding, their stitches trained. */
async function tunedChildren(
  supernetwork: Supernetwork,
  searched: readonly Child[],
  splits: Splits,
  seed: number,
): Promise<Child[]> {
  const { childrenTuned, tuneEpochs: epochs, tuneRate: learningRate } = claimSettings;
  const chosen = survive(
    searched.map(({ objectives }) => objectives),
    childrenTuned,
  );
  const children: Child[] = [];
  for (const index of chosen) {
    const { genotype } = searched[index]!;
    const rng = RandomStream.fromSeed(`tune ${seed} ${index}`);
    const options = { epochs, batchSize: 32, learningRate };
    const { network } = await fineTune(engine, supernetwork, genotype, splits.train, options, rng);
    const [error] = await errorsOf(engine, [network], splits.validation);
    children.push({ genotype, network, tuned: true, objectives: [error!, costOf(network).macs] });
  }
  return children;
}

/** What no other of them dominates on validation data. */
function frontOf(children: readonly Child[]): Child[] {
  return children
    .filter(({ objectives }) => !children.some((other) => dominates(other.objectives, objectives)))
    .sort((one, other) => one.objectives[1]! - other.objectives[1]!);
}

async function controls(
  parents: readonly TrainedNetwork[],
  { network, tuned }: Child,
  { train: samples, test }: Splits,
  seed: number,
): Promise<SeedResult['scratch']> {
  const { parentEpochs, parentRate, fitSamples, tuneEpochs } = claimSettings;
  const ofParents = parents.reduce((sum, parent) => sum + costOf(parent.network).macs, 0);
  const { macs } = costOf(network);
  const own = fitSamples * ofParents + (tuned ? passesOfTraining * tuneEpochs * samples.count * macs : 0);
  const training = passesOfTraining * parentEpochs * samples.count * ofParents;
  const control = async (compute: number): Promise<Control> => {
    const epochs = Math.ceil(compute / (passesOfTraining * samples.count * macs));
    const rng = RandomStream.fromSeed(`scratch ${seed} ${epochs}`);
    const fresh = { network: withFreshWeights(network, rng.fork('weights')), state: freshTrainingState };
    const options = { epochs, batchSize: 64, learningRate: parentRate };
    const trained = await train(engine, fresh, samples, options, rng.fork('train'));
    return { epochs, test: (await errorsOf(engine, [trained.network], test))[0]! };
  };
  return { total: await control(training + own), beyondParents: await control(own) };
}

async function errorsOf(on: Engine, networks: readonly Network[], samples: Splits['test']): Promise<number[]> {
  return (await evaluate(on, networks, samples)).map(({ error }) => error);
}

function indexOfLeast(values: readonly number[]): number {
  return values.indexOf(Math.min(...values));
}
