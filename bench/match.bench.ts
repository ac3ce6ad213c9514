// Time to match networks like ResNets of about 90 nodes: other depths, other blocks, three ways to weigh pairs.
import type { Network } from '../src/network/network.ts';
import { NetworkBuilder } from '../src/network/network-builder.ts';
import { RandomStream } from '../src/random/stream.ts';
import { eligiblePairs, matchGraphs, type MatchingTask } from '../stitching/index.ts';
import { median } from './median.ts';

const runs = 21;

/** One block behind the last layer, of `channels` channels; `stride` 2 halves the image. */
type Block = (net: NetworkBuilder, channels: number, stride: number) => void;

const basic: Block = (net, channels, stride) => {
  residual(net, channels, stride, () => {
    normed(net, channels, 3, stride);
    net.layer('activation', { function: 'relu' });
    normed(net, channels, 3, 1);
  });
};

const bottleneck: Block = (net, channels, stride) => {
  residual(net, channels, stride, () => {
    normed(net, channels / 4, 1, 1);
    net.layer('activation', { function: 'relu' });
    normed(net, channels / 4, 3, stride);
    net.layer('activation', { function: 'relu' });
    normed(net, channels, 1, 1);
  });
};

function residual(net: NetworkBuilder, channels: number, stride: number, inner: () => void): void {
  const before = net.last;
  inner();
  const end = net.last;
  const shortcut = stride === 1 ? before : normed(net, channels, 1, stride, before);
  net.layer('add', {}, [end, shortcut]);
  net.layer('activation', { function: 'relu' });
}

function normed(net: NetworkBuilder, channels: number, kernel: number, stride: number, from = net.last): string {
  return net.layer('batchNorm', {}, [net.layer('conv2d', { channels, kernel, stride, bias: false }, [from])]);
}

/** Blocks in each of three stages, at 16, 32 and 64 channels. */
function resnet(block: Block, depths: readonly number[]): Network {
  const net = new NetworkBuilder([3, 32, 32], RandomStream.fromSeed(String([block.name, depths])));
  normed(net, 16, 3, 1);
  net.layer('activation', { function: 'relu' });
  for (const [stage, depth] of depths.entries()) {
    for (let index = 0; index < depth; index++) block(net, 16 * 2 ** stage, stage > 0 && index === 0 ? 2 : 1);
  }
  net.layer('globalAvgPool');
  net.layer('dense', { units: 10 });
  return net.build();
}

const pairings = {
  'basic 4-4-4, basic 3-4-5': [resnet(basic, [4, 4, 4]), resnet(basic, [3, 4, 5])],
  'basic 4-4-4, bottleneck 3-3-2': [resnet(basic, [4, 4, 4]), resnet(bottleneck, [3, 3, 2])],
  'bottleneck 2-3-3, bottleneck 3-3-2': [resnet(bottleneck, [2, 3, 3]), resnet(bottleneck, [3, 3, 2])],
} as const;

/** Other weights for the same pairs. */
const weighings: Record<string, (task: MatchingTask) => MatchingTask> = {
  'by stitch type': (task) => task,
  'one size only': (task) => ({ ...task, pairs: task.pairs.filter(({ weight }) => weight === 1) }),
  // Like similarities: no two alike.
  real: (task) => {
    const rng = RandomStream.fromSeed(1);
    return { ...task, pairs: task.pairs.map((pair) => ({ ...pair, weight: 1 - rng.float() })) };
  },
};

export function measure(): Promise<object> {
  const results: object[] = [];
  for (const [name, [a, b]] of Object.entries(pairings)) {
    for (const [weights, weigh] of Object.entries(weighings)) {
      const task = weigh(eligiblePairs(a, b));
      const times: number[] = [];
      let matching = matchGraphs(task.a, task.b, task.pairs);
      for (let run = 0; run < runs; run++) {
        const start = performance.now();
        matching = matchGraphs(task.a, task.b, task.pairs);
        times.push(performance.now() - start);
      }
      const { weight, optimal, pairs } = matching;
      const nodes = [a.nodes.length, b.nodes.length];
      const sizes = { nodes, eligible: task.pairs.length, matches: pairs.length };
      results.push({
        pair: name,
        weights,
        ...sizes,
        weight,
        optimal,
        median_ms: median(times),
        slowest_ms: Math.max(...times),
      });
    }
  }
  return Promise.resolve({ unit: 'ms', runs, results });
}
