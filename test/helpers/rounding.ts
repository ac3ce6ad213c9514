// What float32 costs a network: its gradients by float64 arithmetic on values that are rounded between the layers.
import { planBackward } from '../../src/engine/backward-plan.ts';
import { defaultLoss } from '../../src/engine/default-loss.ts';
import type { Gradients } from '../../src/engine/engine.ts';
import { drawNoise } from '../../src/engine/noise.ts';
import { backwardPass, referenceParams } from '../../src/engine/reference/passes.ts';
import { layerKind } from '../../src/layers/registry.ts';
import { outputNode, type Network } from '../../src/network/network.ts';
import { layersOf } from '../../src/network/shapes.ts';
import type { RandomStream } from '../../src/random/stream.ts';
import { largest, relativeError } from './compare.ts';

/**
 * The largest gradient, and how far rounding alone moves any of them, against the largest: behind a batch norm in train
 * mode over values that hardly differ gradients are mostly rounding, and no engine in float32 comes closer.
 *
 * The probabilities less the targets have an absolute rounding: where the loss is almost 0 they are no measure.
 */
export function roundingOf(
  network: Network,
  batch: { readonly size: number; readonly data: Float32Array },
  targets: Float32Array,
  noise: RandomStream,
  wanted: Gradients,
): { readonly scale: number; readonly slack: number } {
  const scale = Math.max(1e-2, largest(Object.values(wanted).flatMap((byName) => Object.values(byName))));
  const plan = planBackward(network, undefined);
  const drawn = drawNoise(network, plan, batch.size, noise);
  const params = referenceParams(network);
  const outputs = new Map([[network.nodes[0]!.id, Float64Array.from(batch.data)]]);
  for (const { id, kind, inputs } of network.nodes.slice(1)) {
    const { output } = layerKind(kind).reference.forward({
      layer: layersOf(network).get(id)!,
      params: params.get(id)!,
      inputs: inputs.map((input) => outputs.get(input)!),
      batch: batch.size,
      mode: plan.mode(id),
      noise: drawn.get(id),
    });
    outputs.set(id, output.map(Math.fround));
  }
  const logits = outputs.get(outputNode(network).id)!;
  const slope = defaultLoss.gradient(logits, targets, { batch: batch.size, outputs: logits.length / batch.size });
  const forward = { outputs, statistics: new Map(), noise: drawn };
  const rounded = backwardPass(network, params, forward, slope.map(Math.fround), batch.size, plan);
  const moved = [...rounded].flatMap(([id, byName]) =>
    Object.entries(byName).map(([name, values]) => relativeError(values, wanted[id]![name]!, scale)),
  );
  return { scale, slack: Math.max(0, ...moved) };
}
