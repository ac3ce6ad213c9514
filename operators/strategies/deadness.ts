// Chooses the channels whose values hardly differ from zero on data: without them little changes.
import { batchOf, batchPositions, type Samples } from '../../src/data/samples.ts';
import type { Program } from '../../src/engine/engine.ts';
import type { Network } from '../../src/network/network.ts';
import { layersOf } from '../../src/network/shapes.ts';
import type { ChannelGroup, ChannelSlot } from '../channels/channel-groups.ts';
import { openGroups } from '../channels/widen-group.ts';
import { chosenChannels, requireChannels } from './channel-choice.ts';
import type { SiteStrategy } from './site-strategy.ts';

const batchSize = 256;

/**
 * A channel counts by its mean |value| over samples and pixels, in eval mode, where layers read it: behind norms and
 * activations; added over all that do. Its score is minus its share of the group's mean, so that groups can be compared:
 * 0 for a channel that is always 0, whose removal changes nothing on these samples, and less for all others. The paper
 * scales by the norm over the layer instead, and ranks the channels of all layers together.
 */
export const deadness: SiteStrategy = {
  name: 'deadness',
  source: 'Molchanov et al. 2017, arXiv:1611.06440, section 2.2: the mean activation as criterion',

  async score(operator, { network }, sites, { engine, samples }) {
    requireChannels(operator);
    const program = await engine.compile([network]);
    try {
      const magnitudes = await meanMagnitudes(program, network, samples);
      return sites.map((site) =>
        chosenChannels(network, site, (group) => activity(network, group, magnitudes).map((x) => -x)),
      );
    } finally {
      await program.dispose();
    }
  },
};

/** Node id -> mean |value| of each of its channels, of the nodes that layers read channels of open groups from. */
async function meanMagnitudes(
  program: Program,
  network: Network,
  samples: Samples,
): Promise<ReadonlyMap<string, Float64Array>> {
  const layers = layersOf(network);
  const read = new Set(openGroups(network).flatMap((group) => readings(network, group).map(({ from }) => from)));
  const sums = new Map([...read].map((id) => [id, new Float64Array(layers.get(id)!.output[0]!)]));
  const wanted = [...read].map((node) => ({ network: 0, node }));
  for (const positions of batchPositions(samples.count, batchSize)) {
    const values = await program.forward(batchOf(samples, positions), wanted);
    wanted.forEach(({ node }, place) => {
      const [own, sum] = [values[place]!, sums.get(node)!];
      const plane = own.length / positions.length / sum.length;
      const share = 1 / (plane * samples.count);
      for (let i = 0; i < own.length; i++) sum[Math.floor(i / plane) % sum.length]! += share * Math.abs(own[i]!);
    });
  }
  return sums;
}

/** Where the group's channels are read: from which node, and which of its channels they are. */
function readings({ nodes }: Network, { slots }: ChannelGroup): readonly (ChannelSlot & { readonly from: string })[] {
  const sources = new Map(nodes.map(({ id, inputs }) => [id, inputs[0]!]));
  return slots.filter(({ role }) => role === 'consumer').map((slot) => ({ ...slot, from: sources.get(slot.node)! }));
}

/** Of each channel of the group, as a share of their mean; 0 where all are 0. */
function activity(network: Network, group: ChannelGroup, magnitudes: ReadonlyMap<string, Float64Array>): Float64Array {
  const sums = new Float64Array(group.channels);
  for (const { from, offset, multiplicity } of readings(network, group)) {
    const own = magnitudes.get(from)!;
    for (let i = 0; i < sums.length * multiplicity; i++) {
      sums[Math.floor(i / multiplicity)]! += own[offset + i]! / multiplicity;
    }
  }
  const mean = sums.reduce((total, x) => total + x, 0) / sums.length;
  return mean === 0 ? sums : sums.map((x) => x / mean);
}
