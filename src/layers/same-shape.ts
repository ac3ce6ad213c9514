// The check that layers with several inputs of one shape share.
import { expected } from '../errors.ts';
import { sameShape, type Shape } from '../network/tensor.ts';

/** The common shape of all inputs; throws `bad-network` if they differ. */
export function requireOneShape(inputs: readonly Shape[], layer: string): Shape {
  const [first, ...others] = inputs as [Shape, ...Shape[]];
  for (const other of others) {
    if (!sameShape(first, other)) {
      throw expected('bad-network', `inputs of ${layer} that all have shape [${first.join(', ')}]`, other);
    }
  }
  return first;
}
