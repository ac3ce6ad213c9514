// Two trained parents side by side, with a stitch in each possible direction at every pair of matched tensors.
import { freshId } from '../src/network/edit.ts';
import type { NetworkNode } from '../src/network/network.ts';
import { outputNode } from '../src/network/network.ts';
import { layersOf } from '../src/network/shapes.ts';
import type { TrainedNetwork, TrainingState } from '../src/training/training-state.ts';
import { eligiblePairs, type EligibilityOptions } from './eligible-pairs.ts';
import { idsOfSecond, joinStates, renameNode } from './join-parents.ts';
import { matchGraphs, type MatchOptions } from './matching/match-graphs.ts';
import { mergedOrder } from './merged-order.ts';
import { stitchTypes } from './stitch-types/registry.ts';
import { stitchBetween, type MatchedTensor, type Stitch, type KnownChains } from './stitch.ts';

/**
 * All that can be made of two parents. Plain data and never changed: fitting gives a new one.
 *
 * Stitches read the parents' raw tensors, before any switch, so that every setting of the switches is free of cycles.
 */
export interface Supernetwork {
  readonly parents: readonly [TrainedNetwork, TrainedNetwork];
  /** All nodes of both parents and all stitches, in an order that is right for every setting of the switches. */
  readonly nodes: readonly NetworkNode[];
  /**
   * For each match the one that stands in for the tensor of parent a, then the one for parent b; where a vector meets
   * an image of very many values only one of them.
   */
  readonly stitches: readonly Stitch[];
  /** Ids of the outputs of parent a, of parent b, and of the mean of both. */
  readonly outputs: { readonly a: string; readonly b: string; readonly average: string };
  /** What training remembers of both parents, under the ids used here. */
  readonly state: TrainingState;
  /** Whether no larger matching exists; false where the search for one was cut short. */
  readonly optimal: boolean;
}

/** How parents are matched. */
export interface SupernetworkOptions extends EligibilityOptions {
  /** When the search for the best matching settles for the best found so far. */
  readonly matching?: MatchOptions;
}

/**
 * Matches two parents and puts unfitted stitches between them. The nodes of `a` keep their ids; those of `b` get new
 * ones where they clash.
 *
 * Throws `bad-network` where the parents' input or output shapes differ, or a stitch type builds something else than it
 * may; `bad-argument` for what are no stitch types.
 *
 * Source: Guijt et al. 2024, "Stitching for Neuroevolution: Recombining Deep Neural Networks without Breaking Them".
 */
export function buildSupernetwork(
  a: TrainedNetwork,
  b: TrainedNetwork,
  { matching: limits, types = stitchTypes, ...eligibility }: SupernetworkOptions = {},
): Supernetwork {
  const task = eligiblePairs(a.network, b.network, { types, ...eligibility });
  const matching = matchGraphs(task.a, task.b, task.pairs, limits);
  const ids = idsOfSecond(a.network, b.network);
  // A stitch called NAME may have nodes called NAME.ANYTHING.
  const taken = new Set(
    [...a.network.nodes.map((node) => node.id), ...ids.values()].flatMap((id) => [id, id.split('.')[0]!]),
  );
  const nodes: NetworkNode[] = [];
  const stitches: Stitch[] = [];
  const known: KnownChains = new Map();

  const place = (name: string, from: MatchedTensor, to: MatchedTensor): void => {
    const made = stitchBetween(types, freshId(taken, name), from, to, known);
    if (!made) return;
    for (const id of made.stitch.chain) taken.add(id);
    stitches.push(made.stitch);
    nodes.push(...made.nodes);
  };
  let matches = 0;
  for (const vertex of mergedOrder(task.a, task.b, matching)) {
    const ofA = vertex.a === undefined ? undefined : a.network.nodes[vertex.a]!;
    const ofB = vertex.b === undefined ? undefined : b.network.nodes[vertex.b]!;
    if (ofA) nodes.push(ofA);
    // The input is one node for both.
    if (ofB && vertex.b !== 0) nodes.push(renameNode(ofB, ids));
    if (!ofA || !ofB) continue;
    const tensorA = { id: ofA.id, parent: { network: 0, node: ofA.id }, shape: shapeIn(a, ofA) } as const;
    const tensorB = { id: ids.get(ofB.id)!, parent: { network: 1, node: ofB.id }, shape: shapeIn(b, ofB) } as const;
    matches++;
    place(`stitch${matches}a`, tensorB, tensorA);
    place(`stitch${matches}b`, tensorA, tensorB);
  }

  const ends = { a: outputNode(a.network).id, b: ids.get(outputNode(b.network).id)! };
  const average = freshId(taken, 'average');
  const weights = [0.5, 0.5];
  nodes.push({ id: average, kind: 'average', inputs: [ends.a, ends.b], attributes: { weights }, params: {} });
  const state = joinStates(a, b, ids);
  return { parents: [a, b], nodes, stitches, outputs: { ...ends, average }, state, optimal: matching.optimal };
}

function shapeIn({ network }: TrainedNetwork, node: NetworkNode): readonly number[] {
  return layersOf(network).get(node.id)!.output;
}
