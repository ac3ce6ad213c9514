// The check that a batch is made for the networks that it goes into.
import { expected } from '../errors.ts';
import { inputNode, type Network } from '../network/network.ts';
import { layersOf } from '../network/shapes.ts';
import { sizeOf } from '../network/tensor.ts';
import type { Batch } from './engine.ts';

/** Throws `bad-argument` for no samples, and for data that are not as many samples of the input's shape. */
export function checkBatch(networks: readonly Network[], { size, data }: Batch): void {
  if (!Number.isSafeInteger(size) || size < 1) throw expected('bad-argument', 'a batch of 1 sample or more', size);
  for (const network of networks) {
    const shape = layersOf(network).get(inputNode(network).id)!.output;
    const wanted = size * sizeOf(shape);
    if (data.length === wanted) continue;
    throw expected('bad-argument', `${wanted} values for ${size} samples of shape [${shape.join(', ')}]`, data.length);
  }
}
