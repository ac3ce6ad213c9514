// The reference's gradients are those of its own forward pass, by finite differences in float64.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { planBackward } from '../../src/engine/backward-plan.ts';
import { drawNoise, type NoiseValues } from '../../src/engine/noise.ts';
import { backwardPass, forwardPass, referenceParams } from '../../src/engine/reference/passes.ts';
import { defaultLoss } from '../../src/engine/default-loss.ts';
import { layerKinds } from '../../src/layers/registry.ts';
import { outputNode, type Network } from '../../src/network/network.ts';
import { RandomStream } from '../../src/random/stream.ts';
import { classes, randomInput, randomNetworks, randomTargets } from '../helpers/random-network.ts';

const batch = 3;
const seen = new Set<string>();

function lossOf(
  network: Network,
  params: ReturnType<typeof referenceParams>,
  noise: NoiseValues,
  seed: number,
): number {
  const forward = forwardPass(
    network,
    params,
    Float64Array.from(randomInput(network, batch, seed)),
    batch,
    () => 'train',
    noise,
  );
  const logits = forward.outputs.get(outputNode(network).id)!;
  return defaultLoss.measure(logits, randomTargets(batch, seed), { batch, outputs: classes }).loss;
}

test('backward equals central differences for every parameter of random networks', () => {
  fc.assert(
    fc.property(randomNetworks(), fc.nat(1000), ({ network }, seed) => {
      for (const node of network.nodes) seen.add(node.kind);
      const params = referenceParams(network);
      const plan = planBackward(network, undefined);
      const input = Float64Array.from(randomInput(network, batch, seed));
      const noise = drawNoise(network, plan, batch, RandomStream.fromSeed(seed));
      const forward = forwardPass(network, params, input, batch, plan.mode, noise);
      const logits = forward.outputs.get(outputNode(network).id)!;
      const gradient = defaultLoss.gradient(logits, randomTargets(batch, seed), { batch, outputs: classes });
      const gradients = backwardPass(network, params, forward, gradient, batch, plan);
      for (const [id, byName] of gradients) {
        for (const [name, values] of Object.entries(byName)) {
          const weights = params.get(id)![name]!;
          const index = seed % weights.length;
          const difference = (step: number): number => {
            const kept = weights[index]!;
            weights[index] = kept + step;
            const above = lossOf(network, params, noise, seed);
            weights[index] = kept - step;
            const below = lossOf(network, params, noise, seed);
            weights[index] = kept;
            return (above - below) / (2 * step);
          };
          // Two step sizes that disagree have a kink between them: no derivative to compare there.
          const [near, far] = [difference(1e-6), difference(3e-6)];
          if (Math.abs(near - far) > 1e-6 * Math.max(1, Math.abs(near))) continue;
          expect(Math.abs(values[index]! - near), `${id}.${name}[${index}]`).toBeLessThan(
            1e-5 * Math.max(1, Math.abs(near)),
          );
        }
      }
    }),
    { numRuns: 250 },
  );
  const missing = layerKinds.map((kind) => kind.kind).filter((kind) => !seen.has(kind));
  expect(missing).toEqual([]);
});
