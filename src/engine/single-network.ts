// The check that training concerns exactly one network.
import { expected } from '../errors.ts';
import type { Network } from '../network/network.ts';

/** The one network of a program; throws `bad-argument` where several were compiled together. */
export function singleNetwork(networks: readonly Network[]): Network {
  if (networks.length !== 1) throw expected('bad-argument', 'one compiled network to train', networks.length);
  return networks[0]!;
}
