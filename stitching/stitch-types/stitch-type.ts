// The contract of a stitch type: which tensors it joins, the nodes it is made of, and how a regression becomes weights.
import type { NetworkCost } from '../../src/network/cost.ts';
import type { NetworkNode, Params } from '../../src/network/network.ts';
import type { Shape } from '../../src/network/tensor.ts';
import type { Coefficients } from './coefficients.ts';

/** A layer without parameters. */
export type PlainLayer = Pick<NetworkNode, 'kind' | 'attributes'>;

/** One way to turn a tensor of one network into a stand-in for a tensor of another. Shapes are without the batch. */
export interface StitchType {
  readonly name: string;
  /**
   * How much a stitch of this type counts when tensors are matched, above 0: 1 where every position of the one tensor
   * meets its own of the other, less where positions are blended.
   */
  readonly weight: number;
  /** Whether a tensor of shape `from` can be turned into one of shape `to`. */
  joins(from: Shape, to: Shape): boolean;
  /**
   * The layer that gives a tensor of shape `from` the positions of shape `to`: the regression is of `to` on what this
   * layer makes of `from`. Types whose two shapes have the same positions have none.
   */
  align?(from: Shape, to: Shape): PlainLayer;
  /**
   * The layer whose output the regression is of, where it is not of `to` itself, and the shape of that. Types that
   * foretell `to` position by position have none.
   */
  readonly target?: { readonly layer: PlainLayer; shape(to: Shape): Shape };
  /**
   * The stitch as a chain of nodes, for shapes that it joins: in exact arithmetic what the regression foretells. The
   * first reads `input`, the last has shape `to`, and the one whose id is `id` holds the coefficients, as `params`;
   * other nodes are named `${id}.NAME`.
   */
  build(id: string, input: string, params: Params, from: Shape, to: Shape): readonly NetworkNode[];
  /** The coefficients as parameters of the node `id`. */
  params(fitted: Coefficients): Params;
  /** What the whole chain costs for one sample. */
  cost(from: Shape, to: Shape): NetworkCost;
}
