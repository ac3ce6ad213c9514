// What float32 costs a network: float64 arithmetic on values that are rounded between the layers.
import { planBackward } from '../../src/engine/backward-plan.ts';
import { defaultLoss } from '../../src/engine/default-loss.ts';
import type { Batch, Gradients } from '../../src/engine/engine.ts';
import { drawNoise, type NoiseValues } from '../../src/engine/noise.ts';
import { referenceParams } from '../../src/engine/reference/passes.ts';
import type { Mode, ReferenceCall } from '../../src/layers/layer-kind.ts';
import { layerKind } from '../../src/layers/registry.ts';
import { outputNode, type Network, type NetworkNode } from '../../src/network/network.ts';
import { layersOf } from '../../src/network/shapes.ts';
import type { RandomStream } from '../../src/random/stream.ts';
import type { Loss } from '../../src/training/losses/loss.ts';
import { largest, relativeError } from './compare.ts';

/**
 * What rounding between the layers costs, an engine may cost many times over by rounding inside them. This mostly adds
 * about 2e-5 to a tolerance, and digits only where deviations in a batch are next to nothing.
 */
export const insideLayers = 500;

/** Every node's output, rounded to float32 before the next layer reads it. */
export function roundedOutputs(
  network: Network,
  batch: Batch,
  mode: (id: string) => Mode,
  noise: NoiseValues = new Map(),
): ReadonlyMap<string, Float64Array> {
  const outputs = new Map([[network.nodes[0]!.id, Float64Array.from(batch.data)]]);
  for (const node of network.nodes.slice(1)) {
    const call = callOf(network, node, { outputs, batch: batch.size, mode, noise });
    outputs.set(node.id, layerKind(node.kind).reference.forward(call).output.map(Math.fround));
  }
  return outputs;
}

/**
 * The largest gradient, and how far rounding alone moves any of them, against the largest. Behind a batch norm in train
 * mode over values that hardly differ gradients are mostly rounding, and no engine in float32 comes closer. Where the
 * loss is almost 0, and with it every gradient, the rounding of the probabilities is what remains: hence the floor.
 */
export function gradientRounding(
  network: Network,
  batch: Batch,
  targets: Float32Array,
  stream: RandomStream,
  wanted: Gradients,
  loss: Loss = defaultLoss,
  trainable?: ReadonlySet<string>,
): { readonly scale: number; readonly slack: number } {
  const scale = Math.max(1e-2, largest(Object.values(wanted).flatMap((byName) => Object.values(byName))));
  const { mode, trains } = planBackward(network, trainable);
  const noise = drawNoise(network, { mode }, batch.size, stream);
  const outputs = roundedOutputs(network, batch, mode, noise);
  const logits = outputs.get(outputNode(network).id)!;
  const slope = loss.gradient(logits, targets, { batch: batch.size, outputs: logits.length / batch.size });
  const arriving = new Map([[outputNode(network).id, slope]]);
  let slack = 0;
  for (const node of network.nodes.slice(1).toReversed()) {
    const call = callOf(network, node, { outputs, batch: batch.size, mode, noise });
    const gradient = arriving.get(node.id)!.map(Math.fround);
    const back = layerKind(node.kind).reference.backward({ ...call, output: outputs.get(node.id)!, gradient });
    for (const [name, values] of Object.entries(trains(node.id) ? back.params : {})) {
      slack = Math.max(slack, relativeError(values, wanted[node.id]![name]!, scale));
    }
    node.inputs.forEach((input, i) => {
      const sum = arriving.get(input);
      arriving.set(input, sum ? sum.map((value, at) => value + back.inputs[i]![at]!) : back.inputs[i]!);
    });
  }
  return { scale, slack };
}

function callOf(
  network: Network,
  { id, inputs }: NetworkNode,
  run: {
    readonly outputs: ReadonlyMap<string, Float64Array>;
    readonly batch: number;
    readonly mode: (id: string) => Mode;
    readonly noise: NoiseValues;
  },
): ReferenceCall {
  return {
    layer: layersOf(network).get(id)!,
    params: referenceParams(network).get(id)!,
    inputs: inputs.map((input) => run.outputs.get(input)!),
    batch: run.batch,
    mode: run.mode(id),
    noise: run.noise.get(id),
  };
}
