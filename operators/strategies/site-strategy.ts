// How a site is chosen among those that an operator offers, and channels where it can name them: by what data says.
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

/** A site and how promising it is. */
export interface ScoredSite {
  readonly site: Site;
  /** The higher, the better; no NaN. */
  readonly score: number;
}

/** Says how promising sites are. */
export interface SiteStrategy {
  /** In kebab-case. */
  readonly name: string;
  /** The paper the method comes from, and what is not as there. */
  readonly source: string;
  /**
   * Each site, in the same order. Where the operator can be told which channels, a strategy that looks at channels names
   * the best of them; one that can do nothing else throws `bad-argument` for other operators.
   */
  score(
    operator: Operator,
    parent: TrainedNetwork,
    sites: readonly Site[],
    probe: Probe,
  ): Promise<readonly ScoredSite[]>;
}

/**
 * The site of the highest score, the first of equals; with its channels where the strategy names some. Throws
 * `bad-argument` where there are no sites, and what the strategy throws.
 */
export async function chooseSite(
  strategy: SiteStrategy,
  operator: Operator,
  parent: TrainedNetwork,
  sites: readonly Site[],
  probe: Probe,
): Promise<Site> {
  if (sites.length === 0) throw expected('bad-argument', 'sites to choose from', sites);
  const scored = await strategy.score(operator, parent, sites, probe);
  return scored.reduce((best, other) => (other.score > best.score ? other : best)).site;
}
