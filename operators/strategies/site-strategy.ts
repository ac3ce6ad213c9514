// How a site is chosen among those that an operator offers: by how promising each is on data.
import type { Samples } from '../../src/data/samples.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { expected } from '../../src/errors.ts';
import type { RandomStream } from '../../src/random/stream.ts';
import type { TrainedNetwork } from '../../src/training/training-state.ts';
import type { Operator, Site } from '../operator.ts';

/** What a strategy may look at beside the network. */
export interface Probe {
  readonly engine: Engine;
  /** Scores are taken on all of them at once. */
  readonly samples: Samples;
  readonly rng: RandomStream;
}

/** Says how promising sites are. */
export interface SiteStrategy {
  /** In kebab-case. */
  readonly name: string;
  /** The paper the method comes from, and what is not as there. */
  readonly source: string;
  /** A finite score for each site; the higher, the better. */
  score(operator: Operator, parent: TrainedNetwork, sites: readonly Site[], probe: Probe): Promise<readonly number[]>;
}

/** The site of the highest score, the first of equals. Throws `bad-argument` where there are no sites. */
export async function chooseSite(
  strategy: SiteStrategy,
  operator: Operator,
  parent: TrainedNetwork,
  sites: readonly Site[],
  probe: Probe,
): Promise<Site> {
  if (sites.length === 0) throw expected('bad-argument', 'sites to choose from', sites);
  const scores = await strategy.score(operator, parent, sites, probe);
  return sites[scores.indexOf(Math.max(...scores))]!;
}
