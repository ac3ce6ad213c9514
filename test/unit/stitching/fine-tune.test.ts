// Training a child's stitches: what changes, what must not, and that it helps.
import { expect, test } from 'vitest';
import { onnxEngine } from '../../../src/engine/onnx/onnx-engine.ts';
import { referenceEngine } from '../../../src/engine/reference/reference-engine.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import type { Network } from '../../../src/network/network.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { evaluate } from '../../../src/training/evaluate.ts';
import { train } from '../../../src/training/train.ts';
import { freshTrainingState, type TrainedNetwork } from '../../../src/training/training-state.ts';
import { activeStitches } from '../../../stitching/active-variables.ts';
import { singleCrossings } from '../../../stitching/crossings.ts';
import { decode } from '../../../stitching/decode.ts';
import { fineTune, taughtTargets } from '../../../stitching/fine-tune.ts';
import { fitSupernetwork } from '../../../stitching/fit/fit-supernetwork.ts';
import { parentGenotype } from '../../../stitching/genotype.ts';
import { buildSupernetwork, type Supernetwork } from '../../../stitching/supernetwork.ts';
import { bars, shape } from '../../helpers/bars.ts';
import { expectClose } from '../../helpers/compare.ts';

const engine = onnxEngine();
const samples = bars(80, 1);
const options = { epochs: 8, batchSize: 20, learningRate: 0.02 };

/** With batch norms and dropout, whose train mode would show. */
function cnn(seed: number, channels: readonly number[]): Network {
  const builder = new NetworkBuilder(shape, RandomStream.fromSeed(seed));
  for (const count of channels) {
    builder.layer('conv2d', { channels: count, kernel: 3 });
    builder.layer('batchNorm');
    builder.layer('activation', { function: 'relu' });
    builder.layer('dropout', { rate: 0.2 });
  }
  builder.layer('flatten');
  builder.layer('dense', { units: 2 });
  return builder.build();
}

async function fittedPair(): Promise<Supernetwork> {
  const parents: TrainedNetwork[] = [];
  for (const [seed, channels] of [[1, [3, 4]] as const, [2, [4, 3, 3]] as const]) {
    const untrained = { network: cnn(seed, channels), state: freshTrainingState };
    const { network, state } = await train(engine, untrained, samples, options, RandomStream.fromSeed(seed));
    parents.push({ network, state });
  }
  const [a, b] = parents as [TrainedNetwork, TrainedNetwork];
  const seen = { data: Float32Array.from(samples.inputs), count: samples.count };
  return fitSupernetwork(engine, buildSupernetwork(a, b), seen);
}

test('changes the active stitches alone, from the labels or from the parents too, and lowers the loss', async () => {
  const supernetwork = await fittedPair();
  const before = structuredClone(supernetwork);
  for (const { genotype } of singleCrossings(supernetwork).slice(0, 3)) {
    const child = decode(supernetwork, genotype);
    const own = new Set(activeStitches(supernetwork, genotype));
    const rng = () => RandomStream.fromSeed(3);
    const tuned = await fineTune(engine, supernetwork, genotype, samples, options, rng());
    const taught = await fineTune(engine, supernetwork, genotype, samples, { ...options, distillation: {} }, rng());
    const [first] = await evaluate(engine, [child.network], samples);
    for (const { network, state, samplesSeen } of [tuned, taught]) {
      expect(samplesSeen).toBe(options.epochs * samples.count);
      const moved = network.nodes.filter(({ params }, at) => {
        const old = child.network.nodes[at]!.params;
        return Object.keys(params).some((name) => String(params[name]!.data) !== String(old[name]!.data));
      });
      expect(moved.map(({ id }) => id)).toEqual([...own]);
      for (const [id, moments] of Object.entries(child.state.moments)) expect(state.moments[id]).toEqual(moments);
      const [last] = await evaluate(engine, [network], samples);
      expect(last!.loss).toBeLessThan(first!.loss);
    }
    expect(taught.network).not.toEqual(tuned.network);
  }
  expect(supernetwork).toEqual(before);
});

test('the targets are the classes, and the mean of the parents in eval mode', async () => {
  const supernetwork = await fittedPair();
  // More than the teachers see at once.
  const many = bars(300, 2);
  const targets = await taughtTargets(engine, supernetwork, many);
  const mean = decode(supernetwork, parentGenotype(supernetwork, 'average')).network;
  const program = await referenceEngine.compile([mean]);
  const [logits] = await program.forward({ size: many.count, data: Float32Array.from(many.inputs) });
  const rows = Array.from(many.labels, (label, at) => [1 - label, label, logits![2 * at]!, logits![2 * at + 1]!]);
  expectClose(targets, rows.flat(), 1e-5, 'targets');
});

test('a parent comes back as it is', async () => {
  const supernetwork = await fittedPair();
  const genotype = parentGenotype(supernetwork, 'a');
  const { network, samplesSeen } = await fineTune(
    engine,
    supernetwork,
    genotype,
    samples,
    options,
    RandomStream.fromSeed(1),
  );
  expect(network).toEqual(supernetwork.parents[0].network);
  expect(samplesSeen).toBe(0);
});
