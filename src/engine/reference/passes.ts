// One forward and one backward pass in float64, node after node: slow, and obviously right.
import { layerKind } from '../../layers/registry.ts';
import type { Mode } from '../../layers/layer-kind.ts';
import type { Network, NetworkNode } from '../../network/network.ts';
import { outputNode } from '../../network/network.ts';
import { layersOf } from '../../network/shapes.ts';
import type { BackwardPlan } from '../backward-plan.ts';
import type { NoiseValues } from '../noise.ts';

/** Node id -> parameter name -> float64 values. */
export type ReferenceParams = ReadonlyMap<string, Readonly<Record<string, Float64Array>>>;

/** The network's float32 parameters, widened. */
export function referenceParams(network: Network): ReferenceParams {
  return new Map(
    network.nodes.map((node) => [
      node.id,
      Object.fromEntries(Object.entries(node.params).map(([name, { data }]) => [name, Float64Array.from(data)])),
    ]),
  );
}

export interface ForwardValues {
  readonly outputs: ReadonlyMap<string, Float64Array>;
  /** New running statistics of the nodes in train mode. */
  readonly statistics: ReadonlyMap<string, Readonly<Record<string, Float64Array>>>;
  /** The noise that went in; the backward pass takes the same. */
  readonly noise: NoiseValues;
}

/** Every node's output for a batch of inputs; `mode` says for each node whether it trains, `noise` what it draws. */
export function forwardPass(
  network: Network,
  params: ReferenceParams,
  input: Float64Array,
  batch: number,
  mode: (id: string) => Mode,
  noise: NoiseValues = new Map(),
): ForwardValues {
  const outputs = new Map([[network.nodes[0]!.id, input]]);
  const statistics = new Map<string, Readonly<Record<string, Float64Array>>>();
  for (const node of network.nodes.slice(1)) {
    const result = layerKind(node.kind).reference.forward(call(network, node, params, { outputs, noise }, batch, mode));
    outputs.set(node.id, result.output);
    if (result.statistics) statistics.set(node.id, result.statistics);
  }
  return { outputs, statistics, noise };
}

/** Gradients by the parameters of every trained node, given the gradient by the network's output. */
export function backwardPass(
  network: Network,
  params: ReferenceParams,
  forward: ForwardValues,
  outputGradient: Float64Array,
  batch: number,
  plan: BackwardPlan,
): ReadonlyMap<string, Readonly<Record<string, Float64Array>>> {
  const byOutput = new Map([[outputNode(network).id, outputGradient]]);
  const byParams = new Map<string, Readonly<Record<string, Float64Array>>>();
  for (const node of network.nodes.slice(1).toReversed()) {
    const gradient = byOutput.get(node.id);
    if (!gradient || !plan.carriesGradient(node.id)) continue;
    const output = forward.outputs.get(node.id)!;
    const { inputs, params: own } = layerKind(node.kind).reference.backward({
      ...call(network, node, params, forward, batch, plan.mode),
      output,
      gradient,
    });
    if (plan.trains(node.id)) byParams.set(node.id, own);
    node.inputs.forEach((input, i) => {
      const sum = byOutput.get(input);
      byOutput.set(input, sum ? sum.map((value, at) => value + inputs[i]![at]!) : inputs[i]!);
    });
  }
  return byParams;
}

function call(
  network: Network,
  node: NetworkNode,
  params: ReferenceParams,
  { outputs, noise }: Pick<ForwardValues, 'outputs' | 'noise'>,
  batch: number,
  mode: (id: string) => Mode,
): Parameters<ReturnType<typeof layerKind>['reference']['forward']>[0] {
  return {
    layer: layersOf(network).get(node.id)!,
    params: params.get(node.id)!,
    inputs: node.inputs.map((input) => outputs.get(input)!),
    batch,
    mode: mode(node.id),
    noise: noise.get(node.id),
  };
}
