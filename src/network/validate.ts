// Checks that a network is well formed, before anything is built on it.
import { expected, NeurostitchError, Words } from '../errors.ts';
import { layerKind } from '../layers/registry.ts';
import type { Network, NetworkNode } from './network.ts';
import { layersOf } from './shapes.ts';
import { sizeOf } from './tensor.ts';

/**
 * Throws `bad-network`, naming the node, unless: the first node is the only input, ids are unique, inputs come earlier,
 * settings and parameters are those of the kind, shapes fit, and every node is used by the output (the last node).
 */
export function validate(network: Network): void {
  const { nodes } = network;
  if (nodes.length === 0) throw expected('bad-network', 'at least one node', new Words('none'));
  const seen = new Set<string>();
  nodes.forEach((node, index) => {
    if (seen.has(node.id)) throw expected('bad-network', 'every node id once', new Words(`${node.id} twice`));
    requireInputs(node, index);
    requireSettings(node);
    seen.add(node.id);
  });
  layersOf(network);
  requireAllUsed(network);
}

/** Throws `bad-network` unless a node at this position may be of its kind, and has as many inputs as the kind takes. */
export function requireInputs({ id, kind, inputs }: Pick<NetworkNode, 'id' | 'kind' | 'inputs'>, index: number): void {
  if ((kind === 'input') !== (index === 0)) {
    throw expected('bad-network', 'one input node, the first', new Words(`kind "${kind}" at position ${index}`), id);
  }
  const { min, max } = layerKind(kind).arity;
  if (inputs.length < min || inputs.length > max) {
    throw expected('bad-network', `${min === max ? min : `${min} or more`} inputs for ${kind}`, inputs.length, id);
  }
}

/** Throws `bad-network` unless attributes and parameters are those of the node's kind, and all values finite. */
export function requireSettings(node: NetworkNode): void {
  const kind = layerKind(node.kind);
  const parsed = kind.attributes.safeParse(node.attributes);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const at = `${node.id}.${issue!.path.join('.')}`;
    throw new NeurostitchError('bad-network', `${issue!.message} (at ${at})`, { path: at });
  }
  for (const [name, { shape, data }] of Object.entries(node.params)) {
    const at = `${node.id}.${name}`;
    if (!Object.hasOwn(kind.params, name)) throw expected('bad-network', `parameters of ${node.kind}`, name, node.id);
    if (sizeOf(shape) !== data.length) throw expected('bad-network', `${sizeOf(shape)} values`, data.length, at);
    if (!data.every(Number.isFinite)) throw expected('bad-network', 'finite values', new Words('NaN or infinity'), at);
  }
}

function requireAllUsed({ nodes }: Network): void {
  const used = new Set([nodes.at(-1)!.id]);
  for (const node of nodes.toReversed()) {
    if (!used.has(node.id))
      throw expected('bad-network', 'every node to reach the output', new Words(`"${node.id}" unused`));
    for (const input of node.inputs) used.add(input);
  }
}
