// Multiply-accumulates that training executes, by the usual convention.
import { planBackward } from '../../src/engine/backward-plan.ts';
import { nodeCosts } from '../../src/network/cost.ts';
import type { Network } from '../../src/network/network.ts';

/**
 * For one sample of a training step: of each node its forward pass, as much again where a gradient passes through it, and
 * as much again for the gradient of its own weights; so three times where all is trained, once where all is frozen.
 */
export function trainingMacs(network: Network, trainable: ReadonlySet<string> | undefined): number {
  const plan = planBackward(network, trainable);
  const passes = (id: string): number => 1 + Number(plan.carriesGradient(id)) + Number(plan.trains(id));
  return [...nodeCosts(network)].reduce((sum, [id, { macs }]) => sum + passes(id) * macs, 0);
}
