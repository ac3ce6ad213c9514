// Is a site chosen on data better than a random one? Networks on the digits, grown or pruned several times, by seed and
// strategy.
import {
  chooseSite,
  deadness,
  gradientGain,
  neuronGradient,
  operatorNamed,
  randomSite,
  type Site,
  type SiteStrategy,
} from '../operators/index.ts';
import { loadDataset } from '../src/data/dataset.ts';
import type { Samples } from '../src/data/samples.ts';
import { splitDataset, type Splits } from '../src/data/split.ts';
import { onnxEngine } from '../src/engine/onnx/onnx-engine.ts';
import { costOf } from '../src/network/cost.ts';
import type { Network } from '../src/network/network.ts';
import { NetworkBuilder } from '../src/network/network-builder.ts';
import { RandomStream } from '../src/random/stream.ts';
import { evaluate, type Metrics } from '../src/training/evaluate.ts';
import { train } from '../src/training/train.ts';
import { freshTrainingState, type TrainedNetwork } from '../src/training/training-state.ts';
import { median } from './median.ts';

const seeds = (process.env.SEEDS ?? '1,2,3,4,5').split(',').map(Number);
const engine = onnxEngine();

/** The channels that the operator picks by itself: of `prune-filters` those of the least weights. */
const ownChoice: SiteStrategy = {
  ...randomSite,
  name: 'least weights',
  score: (_, __, sites) => Promise.resolve(sites.map((site) => ({ site, score: 0 }))),
};

/** Mutations by one operator, one after the other, and what each is followed by. */
interface Study {
  readonly operator: string;
  readonly strategies: readonly SiteStrategy[];
  /** Channels of each of the three convolutions at first. */
  readonly width: number;
  readonly turns: number;
  readonly epochs: { readonly first: number; readonly afterEach: number };
  /** The sites to choose among: growth by as many layers or channels wherever it goes. */
  candidates(offered: readonly Site[], turn: number): readonly Site[];
}

const groupsOf = (offered: readonly Site[]): readonly string[] => [...new Set(offered.map(({ node }) => String(node)))];

/** Each convolution in turn, so that only the channels differ, and children are equally large. */
const inTurn = (offered: readonly Site[], turn: number, rest: Site): readonly Site[] => {
  const groups = groupsOf(offered);
  return [{ node: groups[turn % groups.length]!, ...rest }];
};

const growth = { width: 8, turns: 3, epochs: { first: 4, afterEach: 3 } };

const studies: readonly Study[] = [
  {
    ...growth,
    operator: 'insert-identity-layer',
    strategies: [randomSite, gradientGain],
    candidates: (offered) => offered.filter(({ kernel, function: name }) => kernel === 3 && name === 'relu'),
  },
  {
    ...growth,
    operator: 'widen-zero-fan-out',
    strategies: [randomSite, gradientGain],
    candidates: (offered) => groupsOf(offered).map((node) => ({ node, amount: 4 })),
  },
  {
    ...growth,
    operator: 'split-neurons',
    strategies: [randomSite, neuronGradient],
    candidates: (offered, turn) => inTurn(offered, turn, { amount: 4, epsilon: 0.01 }),
  },
  {
    operator: 'prune-filters',
    strategies: [randomSite, ownChoice, deadness],
    width: 32,
    turns: 6,
    epochs: { first: 4, afterEach: 1 },
    candidates: (offered, turn) => inTurn(offered, turn, { amount: 8 }),
  },
];

/** Three convolutions of as many channels each. */
function threeConvolutions(width: number, seed: number): Network {
  const net = new NetworkBuilder([1, 8, 8], RandomStream.fromSeed(seed));
  for (const pools of [false, true, false]) {
    net.layer('conv2d', { channels: width, kernel: 3 });
    net.layer('activation', { function: 'relu' });
    if (pools) net.layer('maxPool', { kernel: 2 });
  }
  net.layer('globalAvgPool');
  net.layer('dense', { units: 10 });
  return net.build();
}

interface Outcome {
  readonly seed: number;
  /** Of each mutation the channels, or the node. */
  readonly chosen: readonly unknown[];
  readonly params: number;
  readonly macs: number;
  /** Validation error straight after a mutation, before any training: the mean over all mutations. */
  readonly untrained_error: number;
  readonly validation_loss: number;
  readonly test_error: number;
}

/** Of each operator and strategy: what each seed came to, and medians over the seeds. */
export async function measure(): Promise<object> {
  const dataset = await loadDataset('digits');
  const results: object[] = [];
  for (const study of studies) {
    for (const strategy of study.strategies) {
      const runs: Outcome[] = [];
      for (const seed of seeds) {
        const splits = splitDataset(dataset, { validation: 0.2, test: 0.2 }, RandomStream.fromSeed(seed));
        runs.push(await mutated(study, strategy, splits, seed));
      }
      const medianOf = (name: 'validation_loss' | 'untrained_error' | 'test_error'): number =>
        median(runs.map((run) => run[name]));
      results.push({
        operator: study.operator,
        strategy: strategy.name,
        untrained_error: medianOf('untrained_error'),
        validation_loss: medianOf('validation_loss'),
        test_error: medianOf('test_error'),
        runs,
      });
    }
  }
  return { seeds, results };
}

async function mutated(study: Study, strategy: SiteStrategy, splits: Splits, seed: number): Promise<Outcome> {
  const operator = operatorNamed(study.operator);
  const rng = RandomStream.fromSeed(seed);
  let trained: TrainedNetwork = { network: threeConvolutions(study.width, seed), state: freshTrainingState };
  const trainFor = async (count: number, label: string): Promise<void> => {
    const options = { epochs: count, batchSize: 32, learningRate: 0.004 };
    const { network, state } = await train(engine, trained, splits.train, options, rng.fork(label));
    trained = { network, state };
  };
  const measured = async (samples: Samples): Promise<Metrics> =>
    (await evaluate(engine, [trained.network], samples))[0]!;
  await trainFor(study.epochs.first, 'first');
  const chosen: unknown[] = [];
  let untrained = 0;
  for (let turn = 0; turn < study.turns; turn++) {
    const sites = study.candidates(operator.sites(trained.network), turn);
    const probe = { engine, samples: splits.train, rng: rng.fork(`choose ${turn}`) };
    const site = await chooseSite(strategy, operator, trained, sites, probe);
    const mutation = operator.apply(trained, site, rng.fork(`grow ${turn}`));
    if (!('child' in mutation)) throw new Error(mutation.refusal.message);
    trained = mutation.child;
    chosen.push(site.channels ?? site.node);
    untrained += (await measured(splits.validation)).error / study.turns;
    await trainFor(study.epochs.afterEach, `turn ${turn}`);
  }
  const [validation, test] = [await measured(splits.validation), await measured(splits.test)];
  const { params, macs } = costOf(trained.network);
  return {
    seed,
    chosen,
    params,
    macs,
    untrained_error: untrained,
    validation_loss: validation.loss,
    test_error: test.error,
  };
}
