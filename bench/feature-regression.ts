// The authors' way to train stitches: AdamW on the summed mean squared errors of all stitches' features, no labels.
import type { Samples } from '../src/data/samples.ts';
import type { Engine } from '../src/engine/engine.ts';
import { layerKind } from '../src/layers/registry.ts';
import { pruneTo, replaceNodes } from '../src/network/edit.ts';
import type { Network, NetworkNode } from '../src/network/network.ts';
import { layersOf } from '../src/network/shapes.ts';
import { sizeOf, type Shape } from '../src/network/tensor.ts';
import { RandomStream } from '../src/random/stream.ts';
import type { Loss } from '../src/training/losses/loss.ts';
import { adamW } from '../src/training/optimisers/adam-w.ts';
import { cosineSchedule } from '../src/training/schedules.ts';
import { train } from '../src/training/train.ts';
import { freshTrainingState } from '../src/training/training-state.ts';
import type { Supernetwork } from '../stitching/index.ts';

/** The sum of squares of the outputs, which are differences divided by the roots of their tensors' sizes. */
const sumOfSquares: Loss = {
  name: 'sum of squares',
  settings: {},
  targetWidth: () => 1,
  measure: (outputs, _, { batch }) => ({
    loss: Float64Array.from(outputs, (value) => value * value).reduce((sum, square) => sum + square, 0) / batch,
    correct: undefined,
  }),
  gradient: (outputs, _, { batch }) => Float64Array.from(outputs, (value) => (2 * value) / batch),
  emitGradient: (graph, outputs, _, { batch }) => graph.op('Mul', [outputs, graph.scalar(2 / batch)]),
};

/**
 * The supernetwork with every stitch trained for `epochs` by the recipe of the ImageNet experiments: rate 1e-3, weight
 * decay 1e-5, batches of 32, one cosine over all steps; stitches begin as new layers do.
 */
export async function fitByFeatures(
  engine: Engine,
  supernetwork: Supernetwork,
  samples: Samples,
  epochs: number,
  seed: number,
): Promise<Supernetwork> {
  const rng = RandomStream.fromSeed(`features ${seed}`);
  const begun = replaceNodes(supernetwork, newStitches(supernetwork, rng));
  const options = {
    epochs,
    batchSize: 32,
    learningRate: 1e-3,
    optimiser: (rate: number) => adamW(rate, { weightDecay: 1e-5 }),
    schedule: cosineSchedule(),
    loss: sumOfSquares,
    targets: new Float32Array(samples.count),
    trainable: new Set(supernetwork.stitches.map(({ id }) => id)),
  };
  const untrained = { network: differences(supernetwork, begun.nodes), state: freshTrainingState };
  const { network } = await train(engine, untrained, samples, options, rng);
  const trained = new Map(network.nodes.map((node) => [node.id, node]));
  return { ...supernetwork, nodes: replaceNodes(begun, trained).nodes };
}

function newStitches(supernetwork: Supernetwork, rng: RandomStream): Map<string, NetworkNode> {
  const nodes = new Map(supernetwork.nodes.map((node) => [node.id, node]));
  return new Map(
    supernetwork.stitches.map(({ id }) => {
      const node = nodes.get(id)!;
      const kind = layerKind(node.kind);
      // Kernels are [out, in, 1, 1], dense weights [in, out].
      const [one, other, ...taps] = node.params.weight!.shape as [number, number, ...number[]];
      const isKernel = taps.length > 0;
      const options = isKernel ? { channels: one, kernel: 1 } : { units: other };
      const input = isKernel ? [other, ...taps] : [one];
      const { params } = kind.create(kind.options.parse(options), [input], rng.fork(id));
      return [id, { ...node, params }];
    }),
  );
}

/** All stitches' outputs less what they stand in for, in one long vector. */
function differences({ parents, stitches, outputs }: Supernetwork, nodes: readonly NetworkNode[]): Network {
  const added: NetworkNode[] = [];
  const ends = stitches.map(({ id, chain, replaces, to }): string => {
    const shape = shapeOf(parents[to.network].network, to.node);
    const weight = 1 / Math.sqrt(sizeOf(shape));
    const less = { id: `${id}.less`, kind: 'average', attributes: { weights: [weight, -weight] }, params: {} };
    added.push({ ...less, inputs: [chain.at(-1)!, replaces] });
    if (shape.length === 1) return less.id;
    const flat = { id: `${id}.flat`, kind: 'flatten', inputs: [less.id], attributes: {}, params: {} };
    added.push(flat);
    return flat.id;
  });
  added.push({ id: 'differences', kind: 'concat', inputs: ends, attributes: {}, params: {} });
  const raw = nodes.filter(({ id }) => id !== outputs.average);
  return pruneTo([...raw, ...added], 'differences');
}

function shapeOf(network: Network, node: string): Shape {
  return layersOf(network).get(node)!.output;
}
