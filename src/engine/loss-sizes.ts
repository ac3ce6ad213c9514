// The sizes a loss works on, and the check that targets are of the size it wants.
import { expected } from '../errors.ts';
import { outputNode, type Network } from '../network/network.ts';
import { layersOf } from '../network/shapes.ts';
import { sizeOf } from '../network/tensor.ts';
import type { Loss, LossSizes } from '../training/losses/loss.ts';
import type { Targets } from './engine.ts';

/** How many values the network puts out for one sample. */
export function outputSize(network: Network): number {
  return sizeOf(layersOf(network).get(outputNode(network).id)!.output);
}

/** The sizes of a batch of so many samples and outputs of each; throws `bad-argument` for targets that do not fit. */
export function lossSizes(loss: Loss, outputs: number, targets: Targets, batch: number): LossSizes {
  const width = loss.targetWidth(outputs);
  if (targets.length !== batch * width) {
    throw expected('bad-argument', `${width} target values a sample for ${loss.name}`, targets.length / batch);
  }
  return { batch, outputs };
}
