// The strategy that all others are measured against: every site is as good as any other, and every channel.
import { chosenChannels } from './channel-choice.ts';
import type { SiteStrategy } from './site-strategy.ts';

export const randomSite: SiteStrategy = {
  name: 'random',
  source: 'none',

  score(operator, { network }, sites, { rng }) {
    const drawn = (label: string, count: number): Float64Array => {
      const stream = rng.fork(label);
      return new Float64Array(count).map(() => stream.float());
    };
    const scored = sites.map((site, i) => {
      const score = rng.float();
      if (!operator.namesChannels) return { site, score };
      return { ...chosenChannels(network, site, ({ channels }) => drawn(`channels ${i}`, channels)), score };
    });
    return Promise.resolve(scored);
  },
};
