// The samples on which features are looked at.
import { expected } from '../../src/errors.ts';
import type { Network } from '../../src/network/network.ts';
import { inputNode } from '../../src/network/network.ts';
import { layersOf } from '../../src/network/shapes.ts';
import { sizeOf } from '../../src/network/tensor.ts';

/** Inputs one after the other, each of the networks' input shape. No labels are needed. */
export interface FitSamples {
  readonly data: Float32Array;
  readonly count: number;
}

/** The number of values of one sample. Throws `bad-argument` for fewer than two samples or data of another length. */
export function requireSamples(network: Network, { data, count }: FitSamples): number {
  const size = sizeOf(layersOf(network).get(inputNode(network).id)!.output);
  if (count < 2) throw expected('bad-argument', 'at least 2 samples', count, 'samples.count');
  if (data.length !== count * size) {
    throw expected('bad-argument', `${count} samples of ${size} values`, data.length, 'samples.data');
  }
  return size;
}
