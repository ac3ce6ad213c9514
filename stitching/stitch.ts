// One stitch in a supernetwork, and the switch that goes with it.
import type { NetworkNode, Params } from '../src/network/network.ts';
import type { Shape } from '../src/network/tensor.ts';
import { identityCoefficients } from './stitch-types/coefficients.ts';
import { regressionSize, stitchTypeFor } from './stitch-types/registry.ts';

/** A node of one of the two parents, under the parent's own id. */
export interface ParentNode {
  readonly network: 0 | 1;
  readonly node: string;
}

/** How well a fitted stitch foretells the tensor that it stands in for. */
export interface StitchQuality {
  /** Share of the variance explained on held-out samples: 1 is perfect, 0 no better than the mean. */
  readonly r2: number;
  /** The ridge that was chosen, as a multiple of the features' variance. */
  readonly ridge: number;
}

/** A switch decides whether the readers of a matched tensor read it, or this stand-in made from its partner. */
export interface Stitch {
  /** Id of the node that holds the coefficients. */
  readonly id: string;
  /** Name of its stitch type. */
  readonly type: string;
  /** Ids of all its nodes in order; the last one's output is the stitch's. */
  readonly chain: readonly string[];
  /** Id in the supernetwork of the tensor it is made from. */
  readonly reads: string;
  /** Id in the supernetwork of the tensor it stands in for. */
  readonly replaces: string;
  readonly from: ParentNode;
  readonly to: ParentNode;
  /** Present once it is fitted. */
  readonly quality?: StitchQuality;
}

/** A matched tensor: its id in the supernetwork, where it comes from, and its shape without the batch. */
export interface MatchedTensor {
  readonly id: string;
  readonly parent: ParentNode;
  readonly shape: Shape;
}

/** By type and size. Unfitted stitches of one size share their tensors, or large parents would take hundreds of MB. */
export type UnfittedParams = Map<string, Params>;

/** An unfitted stitch and its nodes, undefined where no stitch type joins the tensors; adds to `unfitted`. */
export function stitchBetween(
  id: string,
  from: MatchedTensor,
  to: MatchedTensor,
  unfitted: UnfittedParams,
): { stitch: Stitch; nodes: readonly NetworkNode[] } | undefined {
  const type = stitchTypeFor(from.shape, to.shape);
  if (!type) return undefined;
  const { inputs, outputs } = regressionSize(type, from.shape, to.shape);
  const size = `${type.name} ${inputs} ${outputs}`;
  const params = unfitted.get(size) ?? type.params(identityCoefficients(inputs, outputs));
  unfitted.set(size, params);
  const nodes = type.build(id, from.id, params, from.shape, to.shape);
  const chain = nodes.map((node) => node.id);
  const stitch = { id, type: type.name, chain, reads: from.id, replaces: to.id, from: from.parent, to: to.parent };
  return { stitch, nodes };
}
