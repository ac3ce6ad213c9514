// One run of a network on the float64 reference: every node's value, and the loss's gradient by every node and parameter.
import { planBackward } from '../../src/engine/backward-plan.ts';
import { backwardPass, forwardPass, referenceParams, type ForwardValues } from '../../src/engine/reference/passes.ts';
import { defaultLoss } from '../../src/engine/default-loss.ts';
import { noisyNodes } from '../../src/engine/noise.ts';
import type { Mode } from '../../src/layers/layer-kind.ts';
import { layerKind } from '../../src/layers/registry.ts';
import { outputNode, type Network } from '../../src/network/network.ts';
import { layersOf } from '../../src/network/shapes.ts';
import { largest } from './compare.ts';
import { randomInput, randomTargets } from './random-network.ts';

/** Layers that draw noise stay in eval mode: a child draws other noise than its parent. */
export function forwardValues(network: Network, batch: number, seed: number, mode: Mode): ForwardValues {
  const input = Float64Array.from(randomInput(network, batch, seed));
  return forwardPass(network, referenceParams(network), input, batch, withoutNoise(network, mode));
}

export interface LossGradients {
  readonly batch: number;
  readonly values: ReadonlyMap<string, Float64Array>;
  readonly byParam: ReadonlyMap<string, Readonly<Record<string, Float64Array>>>;
  /** By each node's output. */
  readonly byNode: ReadonlyMap<string, Float64Array>;
  /** Gradients by parameters up to this size are rounding of the largest. */
  readonly noise: number;
}

/** In train mode, for random inputs and targets. */
export function lossGradients(network: Network, batch: number, seed: number): LossGradients {
  const forward = forwardValues(network, batch, seed, 'train');
  const logits = forward.outputs.get(outputNode(network).id)!;
  const sizes = { batch, outputs: logits.length / batch };
  const gradient = defaultLoss.gradient(logits, randomTargets(batch, seed), sizes);
  const plan = { ...planBackward(network, undefined), mode: withoutNoise(network, 'train') };
  const byParam = backwardPass(network, referenceParams(network), forward, gradient, batch, plan);
  const byNode = nodeGradients(network, forward, gradient, batch);
  const noise = 1e-12 * largest([...byParam.values()].flatMap((byName) => Object.values(byName)));
  return { batch, values: forward.outputs, byParam, byNode, noise };
}

function withoutNoise(network: Network, mode: Mode): (id: string) => Mode {
  const noisy = new Set(noisyNodes(network, { mode: () => mode }).map(({ id }) => id));
  return (id) => (noisy.has(id) ? 'eval' : mode);
}

function nodeGradients(
  network: Network,
  { outputs }: ForwardValues,
  gradient: Float64Array,
  batch: number,
): ReadonlyMap<string, Float64Array> {
  const params = referenceParams(network);
  const byNode = new Map<string, Float64Array>(
    [...outputs].map(([id, values]) => [id, new Float64Array(values.length)]),
  );
  byNode.set(outputNode(network).id, gradient);
  for (const { id, kind, inputs } of network.nodes.slice(1).toReversed()) {
    const back = layerKind(kind).reference.backward({
      layer: layersOf(network).get(id)!,
      params: params.get(id)!,
      inputs: inputs.map((input) => outputs.get(input)!),
      batch,
      mode: withoutNoise(network, 'train')(id),
      output: outputs.get(id)!,
      gradient: byNode.get(id)!,
    });
    inputs.forEach((input, i) => {
      byNode.set(
        input,
        byNode.get(input)!.map((sum, at) => sum + back.inputs[i]![at]!),
      );
    });
  }
  return byNode;
}
