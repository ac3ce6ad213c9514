// From a genotype to a child: an ordinary network, with what training remembers of it.
import { pruneTo } from '../src/network/edit.ts';
import { mergeEqualNodes } from '../src/network/merge-equal-nodes.ts';
import type { Network } from '../src/network/network.ts';
import { outputNode } from '../src/network/network.ts';
import { validate } from '../src/network/validate.ts';
import { restrictState, type TrainedNetwork } from '../src/training/training-state.ts';
import { requireFitting, type Genotype } from './genotype.ts';
import type { Supernetwork } from './supernetwork.ts';

/**
 * The child that a genotype stands for. All switches off and output `a` or `b` is that parent, to the bit. It shares the
 * parents' tensors; training remembers what it did of their nodes, and nothing of the stitches.
 *
 * Throws `bad-argument` for a genotype of another length.
 */
export function decode(supernetwork: Supernetwork, genotype: Genotype): TrainedNetwork {
  const network = childNetwork(supernetwork, genotype);
  validate(network);
  return { network, state: restrictState(supernetwork.state, network) };
}

/** The child's network alone and unchecked, for searches that look at many. */
export function childNetwork(supernetwork: Supernetwork, genotype: Genotype): Network {
  const resolved = resolveSwitches(supernetwork, genotype);
  const stitched = stitchNodes(supernetwork);
  const mixed = genotype.output === 'average' || resolved.nodes.some((node) => stitched.has(node.id));
  if (!mixed) return resolved;
  // Parents of one family share layers. Stitches stay apart: before the fit all of one size are equal.
  const merged = mergeEqualNodes(resolved, stitched);
  const { id, inputs } = outputNode(merged);
  // The mean of one node with itself is that node.
  return id === supernetwork.outputs.average && inputs[0] === inputs[1] ? pruneTo(merged.nodes, inputs[0]!) : merged;
}

/** Every reader of a matched tensor reads what its switch says, and nothing is left that the output does not need. */
export function resolveSwitches(supernetwork: Supernetwork, genotype: Genotype): Network {
  requireFitting(supernetwork, genotype);
  const { nodes, stitches, outputs } = supernetwork;
  const standIn = new Map<string, string>();
  stitches.forEach(({ replaces, chain }, index) => {
    if (genotype.switches[index]) standIn.set(replaces, chain.at(-1)!);
  });
  const raw = stitchNodes(supernetwork);
  const resolved = nodes.map((node) =>
    raw.has(node.id) || !node.inputs.some((input) => standIn.has(input))
      ? node
      : { ...node, inputs: node.inputs.map((input) => standIn.get(input) ?? input) },
  );
  return pruneTo(resolved, outputs[genotype.output]);
}

/** Ids of all nodes that belong to stitches; these read the parents' tensors as they are. */
export function stitchNodes({ stitches }: Supernetwork): ReadonlySet<string> {
  return new Set(stitches.flatMap(({ chain }) => chain));
}
