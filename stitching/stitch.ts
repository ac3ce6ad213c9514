// One stitch in a supernetwork, and the switch that goes with it.
import type { NetworkCost } from '../src/network/cost.ts';
import type { NetworkNode } from '../src/network/network.ts';
import type { Shape } from '../src/network/tensor.ts';
import { buildChain, placedChain, type BuiltChain } from './stitch-types/build-chain.ts';
import { stitchTypeFor } from './stitch-types/registry.ts';
import type { PlainLayer, StitchType } from './stitch-types/stitch-type.ts';

/** A node of one of the two parents, under the parent's own id. */
export interface ParentNode {
  readonly network: 0 | 1;
  readonly node: string;
}

/** What a stitch has to learn: one tensor from another, both at the same positions behind these layers. Plain data. */
export interface Regression {
  readonly from: ParentNode;
  readonly to: ParentNode;
  /** The layer behind `from`, if it needs one. */
  readonly align?: PlainLayer;
  /** The layer behind `to`, if it needs one. */
  readonly target?: PlainLayer;
}

/** How well a fitted stitch foretells the tensor that it stands in for. */
export interface StitchQuality {
  /** Share of the variance explained on held-out samples: 1 is perfect, 0 no better than the mean. */
  readonly r2: number;
  /** The ridge that was chosen, as a multiple of the features' variance. */
  readonly ridge: number;
}

/** A switch decides whether the readers of a matched tensor read it, or this stand-in made from its partner. */
export interface Stitch extends Regression {
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
  /** What all its nodes cost for one sample. */
  readonly cost: NetworkCost;
  /** Present once it is fitted. */
  readonly quality?: StitchQuality;
}

/** A matched tensor: its id in the supernetwork, where it comes from, and its shape without the batch. */
export interface MatchedTensor {
  readonly id: string;
  readonly parent: ParentNode;
  readonly shape: Shape;
}

/** By shapes. Stitches between the same shapes share their tensors, or large parents would take hundreds of MB. */
export type KnownChains = Map<string, BuiltChain>;

/**
 * An unfitted stitch and its nodes, undefined where none of the types joins the tensors; adds to `known`. Throws
 * `bad-network` where a type builds something else than it may.
 */
export function stitchBetween(
  types: readonly StitchType[],
  id: string,
  from: MatchedTensor,
  to: MatchedTensor,
  known: KnownChains,
): { stitch: Stitch; nodes: readonly NetworkNode[] } | undefined {
  const type = stitchTypeFor(from.shape, to.shape, types);
  if (!type) return undefined;
  const key = JSON.stringify([from.shape, to.shape]);
  const built = known.get(key) ?? buildChain(type, from.shape, to.shape);
  known.set(key, built);
  const nodes = placedChain(built, id, from.id);
  const { cost, align, target } = built;
  const stitch = {
    id,
    type: type.name,
    chain: nodes.map((node) => node.id),
    reads: from.id,
    replaces: to.id,
    from: from.parent,
    to: to.parent,
    cost,
    ...(align && { align }),
    ...(target && { target }),
  };
  return { stitch, nodes };
}
