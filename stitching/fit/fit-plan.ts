// The plain data with which a worker fits the stitches of one child, and how the child takes the result.
import { expected } from '../../src/errors.ts';
import { replaceNodes } from '../../src/network/edit.ts';
import type { Network, NetworkNode } from '../../src/network/network.ts';
import { layersOf } from '../../src/network/shapes.ts';
import type { TrainedNetwork } from '../../src/training/training-state.ts';
import { activeStitches } from '../active-variables.ts';
import { decode } from '../decode.ts';
import type { Genotype } from '../genotype.ts';
import { linearParams } from '../stitch-types/linear-params.ts';
import type { Stitch } from '../stitch.ts';
import type { Supernetwork } from '../supernetwork.ts';
import type { FittedStitch, StitchRegression } from './fit-stitches.ts';

/** A child, and the regressions on its parents' networks that its stitches still need. */
export interface FitPlan {
  readonly child: TrainedNetwork;
  readonly fits: readonly StitchRegression[];
}

/**
 * Decodes a genotype and lists the stitches of the child that are not fitted yet. The child, the list and the two
 * parents' networks are all that `fitStitches` and `applyFits` need.
 */
export function fitPlan(supernetwork: Supernetwork, genotype: Genotype): FitPlan {
  const active = new Set(activeStitches(supernetwork, genotype));
  const fits = supernetwork.stitches.filter(({ id, quality }) => active.has(id) && !quality).map(regressionOf);
  return { child: decode(supernetwork, genotype), fits };
}

export function regressionOf({ id, from, to, align, target }: Stitch): StitchRegression {
  return { node: id, from, to, ...(align && { align }), ...(target && { target }) };
}

/**
 * The child with fitted stitches; everything else is shared. Throws `bad-argument` for a stitch it does not have, or of
 * another size.
 */
export function applyFits(child: TrainedNetwork, fitted: readonly FittedStitch[]): TrainedNetwork {
  return { ...child, network: withCoefficients(child.network, fitted) };
}

/** The network with the fits in the nodes that they name. Throws `bad-argument` as `applyFits` does. */
export function withCoefficients(network: Network, fitted: readonly FittedStitch[]): Network {
  const nodes = new Map(network.nodes.map((node) => [node.id, node]));
  const layers = layersOf(network);
  const replacements = fitted.map(({ node: id, coefficients }): [string, NetworkNode] => {
    const [node, layer] = [nodes.get(id), layers.get(id)];
    if (!node || !layer) throw expected('bad-argument', 'a stitch of this child', id);
    return [id, { ...node, params: linearParams(node.kind, layer, coefficients) }];
  });
  return replaceNodes(network, new Map(replacements));
}
