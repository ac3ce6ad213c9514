// Writes networks into an ONNX graph: forward, and backward for the parameters that are trained.
import { NeurostitchError } from '../../errors.ts';
import { layerKind } from '../../layers/registry.ts';
import type { Mode, OnnxResult } from '../../layers/layer-kind.ts';
import type { Network, NetworkNode } from '../../network/network.ts';
import { inputNode, outputNode } from '../../network/network.ts';
import { layersOf } from '../../network/shapes.ts';
import type { BackwardPlan } from '../backward-plan.ts';
import type { OnnxGraph, OnnxValue } from './onnx-graph.ts';

/** Where the values of a node's parameters come from in the graph. */
export type ParamSource = (node: NetworkNode) => Readonly<Record<string, OnnxValue>>;

interface EmitSettings {
  readonly graph: OnnxGraph;
  readonly input: OnnxValue;
  readonly params: ParamSource;
  /** Undefined leaves the batch axis open (eval mode only). */
  readonly batch: number | undefined;
  readonly mode: (id: string) => Mode;
  /** Node id -> its noise, for nodes in train mode whose kind draws any. */
  readonly noise?: ReadonlyMap<string, OnnxValue>;
}

export interface EmittedNode extends OnnxResult {
  readonly params: Readonly<Record<string, OnnxValue>>;
  readonly noise?: OnnxValue | undefined;
}

/** What was emitted before, under each node's hash, by this or another network. */
export interface SharedNodes {
  readonly hashOf: (id: string) => string;
  readonly emitted: Map<string, EmittedNode>;
}

/** The parameters as constants of the graph. */
export function constantParams(graph: OnnxGraph): ParamSource {
  return (node) =>
    Object.fromEntries(
      Object.entries(node.params).map(([name, { shape, data }]) => [name, graph.constant(shape, data)]),
    );
}

/** Emits the forward pass of the nodes that `isNeeded` names; a node that `shared` knows is not emitted again. */
export function emitForward(
  network: Network,
  { graph, input, params, batch, mode, noise }: EmitSettings,
  isNeeded: (id: string) => boolean = () => true,
  shared?: SharedNodes,
): ReadonlyMap<string, EmittedNode> {
  const layers = layersOf(network);
  const emitted = new Map<string, EmittedNode>([[inputNode(network).id, { output: input, params: {} }]]);
  for (const node of network.nodes.slice(1)) {
    if (!isNeeded(node.id)) continue;
    const known = shared?.emitted.get(shared.hashOf(node.id));
    if (known) {
      emitted.set(node.id, known);
      continue;
    }
    const own = params(node);
    const result = layerKind(node.kind).onnx.forward({
      graph,
      layer: layers.get(node.id)!,
      params: own,
      inputs: node.inputs.map((id) => emitted.get(id)!.output),
      batch,
      mode: mode(node.id),
      noise: noise?.get(node.id),
    });
    const entry = { ...result, params: own, noise: noise?.get(node.id) };
    emitted.set(node.id, entry);
    shared?.emitted.set(shared.hashOf(node.id), entry);
  }
  return emitted;
}

/** Emits the backward pass; returns the gradient by each trained parameter. */
export function emitBackward(
  network: Network,
  forward: ReadonlyMap<string, EmittedNode>,
  outputGradient: OnnxValue,
  settings: { readonly graph: OnnxGraph; readonly batch: number; readonly plan: BackwardPlan },
): ReadonlyMap<string, Readonly<Record<string, OnnxValue>>> {
  const { graph, batch, plan } = settings;
  const layers = layersOf(network);
  const arriving = new Map<string, OnnxValue[]>([[outputNode(network).id, [outputGradient]]]);
  const byParams = new Map<string, Readonly<Record<string, OnnxValue>>>();
  for (const node of network.nodes.slice(1).toReversed()) {
    const parts = arriving.get(node.id);
    if (!parts || !plan.carriesGradient(node.id)) continue;
    const { output, saved = {}, params, noise } = forward.get(node.id)!;
    const { inputs, params: own } = layerKind(node.kind).onnx.gradient({
      graph,
      layer: layers.get(node.id)!,
      params,
      inputs: node.inputs.map((id) => forward.get(id)!.output),
      batch,
      mode: plan.mode(node.id),
      noise,
      output,
      saved,
      gradient: parts.length === 1 ? parts[0]! : graph.op('Sum', parts),
      wanted: { inputs: node.inputs.map((id) => plan.carriesGradient(id)), params: plan.trains(node.id) },
    });
    if (plan.trains(node.id)) byParams.set(node.id, own);
    node.inputs.forEach((id, i) => {
      if (!plan.carriesGradient(id)) return;
      const gradient = inputs[i];
      if (gradient === undefined)
        throw new NeurostitchError('bad-network', `Expected a gradient from ${node.id} to ${id}, got none`);
      arriving.set(id, [...(arriving.get(id) ?? []), gradient]);
    });
  }
  return byParams;
}
