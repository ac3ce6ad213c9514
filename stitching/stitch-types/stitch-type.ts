// The contract of a stitch type: which tensors it joins, the nodes it is made of, and how a regression becomes weights.
import type { NetworkCost } from '../../src/network/cost.ts';
import type { NetworkNode, Params } from '../../src/network/network.ts';
import type { Shape } from '../../src/network/tensor.ts';
import type { Coefficients } from './coefficients.ts';

/** One way to turn a tensor of one network into a stand-in for a tensor of another. Shapes are without the batch. */
export interface StitchType {
  readonly name: string;
  /** Whether a tensor of shape `from` can be turned into one of shape `to`. */
  joins(from: Shape, to: Shape): boolean;
  /**
   * The stitch as a chain of nodes, for shapes that it joins. The first reads `input`, the last has shape `to`, and
   * the one whose id is `id` holds the coefficients, as `params`; other nodes are named `${id}.NAME`.
   */
  build(id: string, input: string, params: Params, from: Shape, to: Shape): readonly NetworkNode[];
  /** The coefficients as parameters of the node `id`. */
  params(fitted: Coefficients): Params;
  /** What the whole chain costs for one sample. */
  cost(from: Shape, to: Shape): NetworkCost;
}
