// The network that tests of the command `mutate` change.
import { NetworkBuilder } from '../../src/network/network-builder.ts';
import type { Network } from '../../src/network/network.ts';
import { RandomStream } from '../../src/random/stream.ts';

/** Digits through a convolution of four channels and relu, their means, and a dense layer. */
export function fourChannels(): Network {
  const net = new NetworkBuilder([1, 8, 8], RandomStream.fromSeed(1));
  net.layer('conv2d', { channels: 4, kernel: 3 });
  net.layer('activation', { function: 'relu' });
  net.layer('globalAvgPool');
  net.layer('dense', { units: 10 });
  return net.build();
}
