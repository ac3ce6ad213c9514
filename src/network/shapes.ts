// The shape of every node's output, and each layer seen with the shapes around it.
import type { LayerInstance } from '../layers/layer-kind.ts';
import { layerKind } from '../layers/registry.ts';
import { expected, NeurostitchError, Words } from '../errors.ts';
import type { Network } from './network.ts';
import type { Shape } from './tensor.ts';

const known = new WeakMap<Network, ReadonlyMap<string, LayerInstance>>();

/**
 * Node id -> the layer with its input and output shapes (without the batch axis).
 *
 * Throws `bad-network`, naming the node, where a layer lacks a parameter or does not fit its inputs.
 */
export function layersOf(network: Network): ReadonlyMap<string, LayerInstance> {
  const cached = known.get(network);
  if (cached) return cached;
  const layers = new Map<string, LayerInstance>();
  for (const { id, kind, inputs, attributes, params } of network.nodes) {
    atNode(id, () => {
      const layer = { attributes, params, inputs: inputs.map((input) => shapeIn(layers, input)) };
      const declared = layerKind(kind);
      const lacking = Object.keys(declared.params).find((name) => !declared.params[name]!.optional && !params[name]);
      if (lacking) throw expected('bad-network', `a parameter "${lacking}" in ${kind}`, new Words('none'));
      layers.set(id, { ...layer, output: declared.outputShape(layer) });
    });
  }
  known.set(network, layers);
  return layers;
}

/** Lets the errors of some work say at which node they arose. */
export function atNode<T>(id: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof NeurostitchError)) throw cause;
    throw new NeurostitchError(cause.code, `${cause.message} (at node ${id})`, { path: id, cause });
  }
}

/** The shape of the network's output, without the batch axis. */
export function outputShape(network: Network): Shape {
  return [...layersOf(network).values()].at(-1)!.output;
}

function shapeIn(layers: ReadonlyMap<string, LayerInstance>, id: string): Shape {
  const layer = layers.get(id);
  if (!layer) throw new NeurostitchError('bad-network', `Expected an earlier node as input, got "${id}"`);
  return layer.output;
}
