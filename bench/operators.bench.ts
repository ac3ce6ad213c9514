// Is growth cheap? Every operator on a convolutional network of ten million parameters with its Adam moments.
import { operators, type Operator, type Site } from '../operators/index.ts';
import { trainableParams } from '../src/engine/backward-plan.ts';
import { costOf } from '../src/network/cost.ts';
import { NetworkBuilder } from '../src/network/network-builder.ts';
import type { Network } from '../src/network/network.ts';
import { filled, type Tensor } from '../src/network/tensor.ts';
import { RandomStream } from '../src/random/stream.ts';
import type { TrainedNetwork, TrainingState } from '../src/training/training-state.ts';
import { median } from './median.ts';

const maxSites = 12;
const runs = 5;

/** conv-norm-relu blocks of 64 to 512 channels with pools between, on 32 x 32 x 3 images, and 1,000 classes. */
function tenMillion(): Network {
  const net = new NetworkBuilder([3, 32, 32], RandomStream.fromSeed(1));
  const stages = [
    [64, 2],
    [128, 2],
    [256, 2],
    [512, 4],
  ] as const;
  for (const [channels, layers] of stages) {
    for (let layer = 0; layer < layers; layer++) {
      net.layer('conv2d', { channels, kernel: 3 });
      net.layer('batchNorm');
      net.layer('activation', { function: 'relu' });
    }
    net.layer('maxPool', { kernel: 2 });
  }
  net.layer('globalAvgPool');
  net.layer('dense', { units: 1000 });
  return net.build();
}

function trained(network: Network): TrainedNetwork {
  const moments: TrainingState['moments'] = Object.fromEntries(
    network.nodes.map((node) => [
      node.id,
      Object.fromEntries(
        trainableParams(node).map((name) => {
          const { shape } = node.params[name]!;
          return [name, { first: filled(shape, 0.01), second: filled(shape, 0.01), age: filled([1], 100) }];
        }),
      ),
    ]),
  );
  return { network, state: { moments } };
}

/**
 * For each operator the median and the slowest site, in ms, how many tensors a child has that its parent has not, and
 * how much memory these take at the slowest site.
 */
export async function measure(): Promise<object> {
  const parent = trained(tenMillion());
  const results: object[] = [];
  for (const operator of operators) results.push(measured(operator, parent));
  return Promise.resolve({ unit: 'ms', params: costOf(parent.network).params, runs, results });
}

function measured(operator: Operator, parent: TrainedNetwork): object {
  const { trained: from, sites } = withSites(operator, parent);
  if (sites.length === 0) return { operator: operator.name, sites: 0 };
  const step = Math.max(1, sites.length / maxSites);
  const chosen = Array.from({ length: Math.min(maxSites, sites.length) }, (_, i) => sites[Math.floor(i * step)]!);
  const medians = chosen.map((site) => {
    const times: number[] = [];
    let fresh: readonly Tensor[] = [];
    for (let run = 0; run < runs; run++) {
      const start = performance.now();
      const result = operator.apply(from, site, RandomStream.fromSeed(run));
      times.push(performance.now() - start);
      if ('child' in result) fresh = newTensors(from, result.child);
    }
    const bytes = fresh.reduce((sum, { data }) => sum + data.byteLength, 0);
    return { site, ms: median(times), tensors: fresh.length, bytes };
  });
  const [slowest] = medians.toSorted((a, b) => b.ms - a.ms);
  return {
    operator: operator.name,
    sites: sites.length,
    median_ms: median(medians.map(({ ms }) => ms)),
    slowest_ms: slowest!.ms,
    slowest_site: slowest!.site,
    slowest_mb: Math.round(slowest!.bytes / 1e6),
    new_tensors: median(medians.map(({ tensors }) => tensors)),
  };
}

/** The network itself where the operator applies to it, else a child of it to which it applies. */
function withSites(
  operator: Operator,
  parent: TrainedNetwork,
): { readonly trained: TrainedNetwork; readonly sites: readonly Site[] } {
  const own = operator.sites(parent.network);
  if (own.length > 0) return { trained: parent, sites: own };
  for (const growth of operators.filter(({ cost }) => cost === 'more')) {
    const [site] = growth.sites(parent.network).slice(-1);
    const grown = site && growth.apply(parent, site, RandomStream.fromSeed(1));
    if (!grown || !('child' in grown)) continue;
    const sites = operator.sites(grown.child.network);
    if (sites.length > 0) return { trained: grown.child, sites };
  }
  return { trained: parent, sites: [] };
}

/** Weights and moments that the child does not share. */
function newTensors(parent: TrainedNetwork, child: TrainedNetwork): readonly Tensor[] {
  const known = new Set(tensorsOf(parent));
  return tensorsOf(child).filter((value) => !known.has(value));
}

function tensorsOf({ network, state }: TrainedNetwork): readonly Tensor[] {
  const weights = network.nodes.flatMap(({ params }) => Object.values(params));
  const moments = Object.values(state.moments).flatMap((byName) =>
    Object.values(byName).flatMap((slots) => Object.values(slots)),
  );
  return [...weights, ...moments];
}
