// Chooses the channels that the loss pulls at most, for splitting: the halves can go different ways.
import { batchOf, batchPositions } from '../../src/data/samples.ts';
import type { Gradients } from '../../src/engine/engine.ts';
import type { Network } from '../../src/network/network.ts';
import type { ChannelGroup } from '../channels/channel-groups.ts';
import { everyEntry, slotTensors } from '../slot-tensors.ts';
import { chosenChannels, requireChannels } from './channel-choice.ts';
import type { SiteStrategy } from './site-strategy.ts';

const batchSize = 32;

/**
 * A channel's score is the root mean square, over batches of 32 samples in train mode, of the norm of the loss gradient
 * by all weights and biases that make it. Squares are averaged, not gradients, since what pulls a trained neuron one
 * way on some samples and back on others is what splitting resolves; the gradient over all samples is then near zero. Node
 * splitting looks at such oscillations of the weights themselves. Not the splitting index of steepest descent, the least
 * eigenvalue of E[loss' * activation'' * x x'], which takes second derivatives that relu does not have.
 */
export const neuronGradient: SiteStrategy = {
  name: 'neuron-gradient',
  source: 'after Node Splitting (Wynne-Jones 1991, NIPS 4); not the index of Liu et al. 2019, arXiv:1910.02366',

  async score(operator, { network }, sites, { engine, samples, rng }) {
    requireChannels(operator);
    const program = await engine.compile([network], { noise: rng.fork('noise') });
    try {
      const all: Gradients[] = [];
      for (const positions of batchPositions(samples.count, batchSize)) {
        const { targets, ...batch } = batchOf(samples, positions);
        all.push((await program.gradients(batch, targets)).gradients);
      }
      return sites.map((site) => chosenChannels(network, site, (group) => pulls(network, group, all)));
    } finally {
      await program.dispose();
    }
  },
};

/** For each channel of the group the root mean square over the batches. */
function pulls(network: Network, group: ChannelGroup, batches: readonly Gradients[]): Float64Array {
  const squares = new Float64Array(group.channels);
  for (const place of slotTensors(network, group, 'producer')) {
    const { node, param } = place.slot;
    const gradients = batches.map((byNode) => byNode[node]![param]!);
    for (let channel = 0; channel < squares.length; channel++) {
      everyEntry(place, channel, (index) => {
        for (const gradient of gradients) squares[channel]! += gradient[index]! ** 2;
        return true;
      });
    }
  }
  return squares.map((sum) => Math.sqrt(sum / batches.length));
}
