// The plain data with which a worker fits the stitches of one child, and how the child takes the result.
import { expected } from '../../src/errors.ts';
import { replaceNodes } from '../../src/network/edit.ts';
import type { NetworkNode } from '../../src/network/network.ts';
import type { TrainedNetwork } from '../../src/training/training-state.ts';
import { activeStitches } from '../active-variables.ts';
import { decode } from '../decode.ts';
import type { Genotype } from '../genotype.ts';
import { stitchType } from '../stitch-types/registry.ts';
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

export function regressionOf({ id, type, from, to }: Stitch): StitchRegression {
  return { node: id, type, from, to };
}

/** The child with fitted stitches; everything else is shared. Throws `bad-argument` for a stitch it does not have. */
export function applyFits(child: TrainedNetwork, fitted: readonly FittedStitch[]): TrainedNetwork {
  const nodes = new Map(child.network.nodes.map((node) => [node.id, node]));
  for (const { node } of fitted) {
    if (!nodes.has(node)) throw expected('bad-argument', 'a stitch of this child', node);
  }
  return { ...child, network: replaceNodes(child.network, fittedNodes(nodes, fitted)) };
}

/** The nodes that a fit changes, with their new parameters. */
export function fittedNodes(
  nodes: ReadonlyMap<string, NetworkNode>,
  fitted: readonly FittedStitch[],
): Map<string, NetworkNode> {
  return new Map(
    fitted.map(({ node, type, coefficients }) => [
      node,
      { ...nodes.get(node)!, params: stitchType(type).params(coefficients) },
    ]),
  );
}
