// Is a site chosen on data better than a random one? Networks on the digits, grown three times, by seed and strategy.
import {
  chooseSite,
  gradientGain,
  operatorNamed,
  randomSite,
  type Site,
  type SiteStrategy,
} from '../operators/index.ts';
import { loadDataset } from '../src/data/dataset.ts';
import { splitDataset, type Splits } from '../src/data/split.ts';
import { onnxEngine } from '../src/engine/onnx/onnx-engine.ts';
import { costOf } from '../src/network/cost.ts';
import type { Network } from '../src/network/network.ts';
import { NetworkBuilder } from '../src/network/network-builder.ts';
import { RandomStream } from '../src/random/stream.ts';
import { evaluate } from '../src/training/evaluate.ts';
import { train } from '../src/training/train.ts';
import { freshTrainingState, type TrainedNetwork } from '../src/training/training-state.ts';
import { median } from './median.ts';

const seeds = (process.env.SEEDS ?? '1,2,3,4,5').split(',').map(Number);
const growths = 3;
const epochs = { first: 4, afterGrowth: 3 };

/** The sites to choose among: growth by as many layers or channels wherever it goes. */
const candidates: Readonly<Record<string, (offered: readonly Site[]) => readonly Site[]>> = {
  'insert-identity-layer': (offered) => offered.filter(({ kernel, function: name }) => kernel === 3 && name === 'relu'),
  'widen-zero-fan-out': (offered) =>
    [...new Set(offered.map(({ node }) => String(node)))].map((node) => ({ node, amount: 4 })),
};

const strategies = [randomSite, gradientGain];
const engine = onnxEngine();

/** Three convolutions of 8 channels each. */
function small(seed: number): Network {
  const net = new NetworkBuilder([1, 8, 8], RandomStream.fromSeed(seed));
  for (const pools of [false, true, false]) {
    net.layer('conv2d', { channels: 8, kernel: 3 });
    net.layer('activation', { function: 'relu' });
    if (pools) net.layer('maxPool', { kernel: 2 });
  }
  net.layer('globalAvgPool');
  net.layer('dense', { units: 10 });
  return net.build();
}

interface Outcome {
  readonly seed: number;
  readonly sites: readonly unknown[];
  readonly params: number;
  readonly macs: number;
  readonly validation_loss: number;
  readonly test_error: number;
}

/** Of each operator and strategy: what each seed came to, and medians of validation loss and test error. */
export async function measure(): Promise<object> {
  const dataset = await loadDataset('digits');
  const results: object[] = [];
  for (const operator of Object.keys(candidates)) {
    for (const strategy of strategies) {
      const runs: Outcome[] = [];
      for (const seed of seeds) {
        const splits = splitDataset(dataset, { validation: 0.2, test: 0.2 }, RandomStream.fromSeed(seed));
        runs.push(await grown(operator, strategy, splits, seed));
      }
      results.push({
        operator,
        strategy: strategy.name,
        validation_loss: median(runs.map((run) => run.validation_loss)),
        test_error: median(runs.map((run) => run.test_error)),
        runs,
      });
    }
  }
  return { growths, epochs, seeds, results };
}

async function grown(name: string, strategy: SiteStrategy, splits: Splits, seed: number): Promise<Outcome> {
  const operator = operatorNamed(name);
  const rng = RandomStream.fromSeed(seed);
  let trained: TrainedNetwork = { network: small(seed), state: freshTrainingState };
  const trainFor = async (count: number, label: string): Promise<void> => {
    const options = { epochs: count, batchSize: 32, learningRate: 0.004 };
    const { network, state } = await train(engine, trained, splits.train, options, rng.fork(label));
    trained = { network, state };
  };
  await trainFor(epochs.first, 'first');
  const chosen: unknown[] = [];
  for (let turn = 0; turn < growths; turn++) {
    const sites = candidates[name]!(operator.sites(trained.network));
    const probe = { engine, samples: splits.train, rng: rng.fork(`choose ${turn}`) };
    const site = await chooseSite(strategy, operator, trained, sites, probe);
    const mutation = operator.apply(trained, site, rng.fork(`grow ${turn}`));
    if (!('child' in mutation)) throw new Error(mutation.refusal.message);
    trained = mutation.child;
    chosen.push(site.node);
    await trainFor(epochs.afterGrowth, `turn ${turn}`);
  }
  const [validation] = await evaluate(engine, [trained.network], splits.validation);
  const [test] = await evaluate(engine, [trained.network], splits.test);
  const { params, macs } = costOf(trained.network);
  return { seed, sites: chosen, params, macs, validation_loss: validation!.loss, test_error: test!.error };
}
