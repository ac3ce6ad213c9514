// Which tensors of two networks may be matched: every pair that a stitch can join.
import { expected } from '../src/errors.ts';
import { nodeHashes } from '../src/network/hash.ts';
import type { Network, NetworkNode } from '../src/network/network.ts';
import { inputNode } from '../src/network/network.ts';
import { layersOf, outputShape } from '../src/network/shapes.ts';
import { sameShape, type Shape } from '../src/network/tensor.ts';
import type { Dag, EligiblePair } from './matching/match-graphs.ts';
import { requireStitchTypes } from './stitch-types/check-types.ts';
import { stitchTypeFor, stitchTypes } from './stitch-types/registry.ts';
import type { StitchType } from './stitch-types/stitch-type.ts';

/** Which tensors may be joined. */
export interface EligibilityOptions {
  /** What stitches are made of, by default `stitchTypes`: the first type that joins two tensors is taken. */
  readonly types?: readonly StitchType[];
  /**
   * The most channels (of an image) or features (of a vector) that a stitch may read or write, by default 512: the
   * fit keeps (features + 1)^2 sums for each stitch, and solves them in cubic time (about a second at 512).
   */
  readonly maxFeatures?: number;
  /**
   * Whether to stitch at nodes that compute the same in both networks (inherited from a common ancestor). By default
   * they are left out: they correspond already, and a stitch there would only cost.
   */
  readonly stitchEqualNodes?: boolean;
  /** Multiplies each pair's weight; what is not above 0 is left out (default: all pairs are alike). See `linearCka`. */
  readonly similarity?: Similarity;
}

/** How alike the tensors of a node of one network and a node of the other are, by their ids. */
export type Similarity = (a: string, b: string) => number;

/** Two networks as graphs whose vertices are node positions, and the pairs of vertices that may be matched. */
export interface MatchingTask {
  readonly a: Dag;
  readonly b: Dag;
  readonly pairs: readonly EligiblePair[];
}

/**
 * Every pair of inner tensors that a stitch can join, one way or both; what kind of layer made a tensor does not matter.
 * Its weight is the greater of its stitch types' weights in the two directions, times the similarity: 1 for tensors of one
 * height and width if there is none. The inputs correspond anyway, and so do the outputs, which get no stitch: classes
 * mean the same in both.
 *
 * Throws `bad-network` where the input shapes, or the output shapes, differ; `bad-argument` for what are no stitch types.
 *
 * Source: Guijt et al. 2024, "Stitching for Neuroevolution: Recombining Deep Neural Networks without Breaking Them".
 */
export function eligiblePairs(
  a: Network,
  b: Network,
  { types = stitchTypes, maxFeatures = 512, stitchEqualNodes = false, similarity = () => 1 }: EligibilityOptions = {},
): MatchingTask {
  requireStitchTypes(types);
  requireSameShape('input', shapeOf(a, inputNode(a)), shapeOf(b, inputNode(b)));
  requireSameShape('output', outputShape(a), outputShape(b));
  const candidates = (own: Network, other: Network): { id: string; index: number; shape: Shape }[] => {
    const hashes = nodeHashes(own);
    const known = new Set(stitchEqualNodes ? [] : nodeHashes(other).values());
    return own.nodes
      .map((node, index) => ({
        id: node.id,
        index,
        shape: shapeOf(own, node),
        shared: known.has(hashes.get(node.id)!),
      }))
      .slice(1, -1)
      .filter(({ shape, shared }) => shape[0]! <= maxFeatures && !shared);
  };
  const others = candidates(b, a);
  const pairs = candidates(a, b).flatMap((one) =>
    others
      .map((other) => {
        const weight = matchWeight(types, one.shape, other.shape) * similarity(one.id, other.id);
        return { a: one.index, b: other.index, weight };
      })
      .filter(({ weight }) => weight > 0),
  );
  return { a: dagOf(a), b: dagOf(b), pairs };
}

function matchWeight(types: readonly StitchType[], one: Shape, other: Shape): number {
  return Math.max(stitchTypeFor(one, other, types)?.weight ?? 0, stitchTypeFor(other, one, types)?.weight ?? 0);
}

function dagOf({ nodes }: Network): Dag {
  const position = new Map(nodes.map((node, index) => [node.id, index]));
  const edges = nodes.flatMap((node, index) =>
    [...new Set(node.inputs)].map((input): [number, number] => [position.get(input)!, index]),
  );
  return { size: nodes.length, edges };
}

function shapeOf(network: Network, node: NetworkNode): Shape {
  return layersOf(network).get(node.id)!.output;
}

function requireSameShape(what: string, a: Shape, b: Shape): void {
  if (!sameShape(a, b)) {
    throw expected('bad-network', `two networks of one ${what} shape`, [a, b]);
  }
}
