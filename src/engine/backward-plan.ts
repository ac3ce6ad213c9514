// Which nodes of a network are trained, and where gradients must flow for that.
import { expected, NeurostitchError } from '../errors.ts';
import { layerKind } from '../layers/registry.ts';
import type { Mode } from '../layers/layer-kind.ts';
import { pruneTo } from '../network/edit.ts';
import { outputNode, type Network, type NetworkNode } from '../network/network.ts';

export interface BackwardPlan {
  /** Whether this node's own parameters are trained. */
  readonly trains: (id: string) => boolean;
  /** Whether the gradient by this node's output is needed: it, or something before it, is trained. */
  readonly carriesGradient: (id: string) => boolean;
  /** Frozen nodes, those without parameters included, stay in eval mode while others train. */
  readonly mode: (id: string) => Mode;
}

/**
 * The plan of a training.
 *
 * Throws `bad-argument` for an id that no node has, `bad-network` where nothing that reaches the output would be trained.
 */
export function planTraining(network: Network, trainable: ReadonlySet<string> | undefined): BackwardPlan {
  const ids = new Set(network.nodes.map(({ id }) => id));
  const stray = [...(trainable ?? [])].find((id) => !ids.has(id));
  if (stray !== undefined) throw expected('bad-argument', 'ids of nodes to train', stray);
  const plan = planBackward(network, trainable);
  if (!network.nodes.some(({ id }) => plan.trains(id))) {
    throw new NeurostitchError('bad-network', 'Expected at least one trainable parameter, got none');
  }
  return plan;
}

/** What the output does not need is not trained. */
export function planBackward(network: Network, trainable: ReadonlySet<string> | undefined): BackwardPlan {
  const trained = new Set<string>();
  const carrying = new Set<string>();
  const selected = (id: string): boolean => trainable?.has(id) ?? true;
  for (const node of pruneTo(network.nodes, outputNode(network).id).nodes) {
    if (selected(node.id) && trainableParams(node).length > 0) trained.add(node.id);
    if (trained.has(node.id) || node.inputs.some((input) => carrying.has(input))) carrying.add(node.id);
  }
  return {
    trains: (id) => trained.has(id),
    carriesGradient: (id) => carrying.has(id),
    mode: (id) => (selected(id) ? 'train' : 'eval'),
  };
}

/** The names of a node's parameters that training moves, in the order its kind declares them. */
export function trainableParams(node: NetworkNode): string[] {
  return paramsWhere(node, true);
}

/** The names of a node's parameters that training only tracks (running statistics). */
export function trackedParams(node: NetworkNode): string[] {
  return paramsWhere(node, false);
}

/** Whether weight decay applies to a parameter. */
export function decays(node: NetworkNode, name: string): boolean {
  return layerKind(node.kind).params[name]?.decays ?? false;
}

function paramsWhere(node: NetworkNode, trainable: boolean): string[] {
  return Object.entries(layerKind(node.kind).params)
    .filter(([name, facts]) => facts.trainable === trainable && node.params[name])
    .map(([name]) => name);
}
