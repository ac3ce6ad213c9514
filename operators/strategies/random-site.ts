// The strategy that all others are measured against: every site is as good as any other.
import type { SiteStrategy } from './site-strategy.ts';

export const randomSite: SiteStrategy = {
  name: 'random',
  source: 'none',
  score: (_, __, sites, { rng }) => Promise.resolve(sites.map(() => rng.float())),
};
