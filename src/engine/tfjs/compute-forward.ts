// The forward pass of a network by TensorFlow.js, node after node; values have their channels last.
import { layerKind } from '../../layers/registry.ts';
import type { Mode, TfjsResult } from '../../layers/layer-kind.ts';
import { inputNode, type Network, type NetworkNode } from '../../network/network.ts';
import { layersOf } from '../../network/shapes.ts';
import type { Tfjs, TfjsTensor } from './tfjs.ts';

interface ForwardSettings {
  readonly tf: Tfjs;
  /** [batch, ...pixels, channels]. */
  readonly input: TfjsTensor;
  readonly params: (node: NetworkNode) => Readonly<Record<string, TfjsTensor>>;
  readonly mode: (id: string) => Mode;
  /** Node id -> its noise, for nodes in train mode whose kind draws any. */
  readonly noise?: ReadonlyMap<string, TfjsTensor>;
}

/** What was computed before, under each node's hash, for this or another network. */
export interface SharedResults {
  readonly hashOf: (id: string) => string;
  readonly computed: Map<string, TfjsResult>;
}

/** Computes the nodes that `isNeeded` names; a node that `shared` knows is not computed again. */
export function computeForward(
  network: Network,
  { tf, input, params, mode, noise }: ForwardSettings,
  isNeeded: (id: string) => boolean = () => true,
  shared?: SharedResults,
): ReadonlyMap<string, TfjsResult> {
  const layers = layersOf(network);
  const results = new Map<string, TfjsResult>([[inputNode(network).id, { output: input }]]);
  for (const node of network.nodes.slice(1).filter(({ id }) => isNeeded(id))) {
    const result =
      shared?.computed.get(shared.hashOf(node.id)) ??
      layerKind(node.kind).tfjs({
        tf,
        layer: layers.get(node.id)!,
        params: params(node),
        inputs: node.inputs.map((id) => results.get(id)!.output),
        batch: input.shape[0],
        mode: mode(node.id),
        noise: noise?.get(node.id),
      });
    results.set(node.id, result);
    shared?.computed.set(shared.hashOf(node.id), result);
  }
  return results;
}
