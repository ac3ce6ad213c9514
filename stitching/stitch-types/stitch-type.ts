// The contract of a stitch type: which tensors it joins, the nodes it is made of, and what they are to be fitted on.
import type { NetworkNode } from '../../src/network/network.ts';
import type { Shape } from '../../src/network/tensor.ts';

/** A layer without parameters. */
export type PlainLayer = Pick<NetworkNode, 'kind' | 'attributes'>;

/**
 * One way to turn a tensor of one network into a stand-in for a tensor of another. Shapes are without the batch.
 *
 * A stitch is fitted by linear regression, at every position of an image alike: of what `target` makes of the tensor it
 * stands in for, on what `align` makes of the tensor it reads. Functions are called while a supernetwork is built, and
 * give the same for the same arguments; to fit and run stitches, workers need no code of the type.
 */
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
   * The layer that gives a tensor of shape `from` the positions that the regression is at: those of `to`, or of what
   * `target` makes of it. Types whose tensors have the same positions have none.
   */
  align?(from: Shape, to: Shape): PlainLayer;
  /** The layer whose output the regression is of. Types that foretell `to` position by position have none. */
  target?(to: Shape): PlainLayer;
  /**
   * The stitch as nodes, for shapes that it joins: in exact arithmetic what the regression foretells. They read nothing
   * but `input` and one another, and the last has shape `to`. The one whose id is `id` takes the coefficients: it is
   * linear, and has a `weight`, of one tap, and a `bias`, whose values do not matter here. Other nodes are named
   * `${id}.NAME`.
   */
  build(id: string, input: string, from: Shape, to: Shape): readonly NetworkNode[];
}
