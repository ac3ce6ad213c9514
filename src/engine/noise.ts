// The random values that layers such as dropout need for one training step, the same for every engine.
import { expected, Words } from '../errors.ts';
import { layerKind } from '../layers/registry.ts';
import type { Network, NetworkNode } from '../network/network.ts';
import { layersOf } from '../network/shapes.ts';
import { RandomStream } from '../random/stream.ts';
import type { BackwardPlan } from './backward-plan.ts';

/** Node id -> values of shape [batch, ...output]. */
export type NoiseValues = ReadonlyMap<string, Float32Array>;

/** The nodes that draw noise when the network is trained. */
export function noisyNodes({ nodes }: Network, plan: Pick<BackwardPlan, 'mode'>): readonly NetworkNode[] {
  return nodes.filter(({ id, kind }) => plan.mode(id) === 'train' && layerKind(kind).noise !== undefined);
}

/**
 * The noise of the next step. It follows from the stream's place, the node's id and the batch size; the stream moves on
 * by one draw, and not at all where no node is noisy.
 *
 * Throws `bad-argument`, naming the node, where noise is wanted and there is no stream.
 */
export function drawNoise(
  network: Network,
  plan: Pick<BackwardPlan, 'mode'>,
  batch: number,
  stream: RandomStream | undefined,
): NoiseValues {
  const noisy = noisyNodes(network, plan);
  const [first] = noisy;
  if (!first) return new Map();
  if (!stream) {
    throw expected(
      'bad-argument',
      `a random stream as option "noise" to train ${first.kind}`,
      new Words('none'),
      first.id,
    );
  }
  const step = stream.fork(`step ${stream.float()}`);
  const layers = layersOf(network);
  return new Map(noisy.map(({ id, kind }) => [id, layerKind(kind).noise!(layers.get(id)!, batch, step.fork(id))]));
}

/** The noise that `drawNoise` would give, while the stream stays where it is. */
export function peekNoise(
  network: Network,
  plan: Pick<BackwardPlan, 'mode'>,
  batch: number,
  stream: RandomStream | undefined,
): NoiseValues {
  return drawNoise(network, plan, batch, stream && RandomStream.fromState(stream.state()));
}
