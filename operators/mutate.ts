// Applies one operator of the registry at a site that is named in whole, in part or not at all.
import { expected, NeurostitchError, Words } from '../src/errors.ts';
import type { RandomStream } from '../src/random/stream.ts';
import type { TrainedNetwork } from '../src/training/training-state.ts';
import type { Operator, Site } from './operator.ts';
import { operatorNamed } from './registry.ts';

/** A child, and where it differs from its parent. */
export interface Mutant {
  readonly child: TrainedNetwork;
  readonly site: Site;
}

/**
 * The parent mutated by the operator of this name. Of the sites that the operator offers and that agree with what `site`
 * says, `rng` picks one. Where there is none, since an operator can do more than it offers, one that agrees in all but
 * numbers completes `site`, or `site` is taken as it is.
 *
 * Throws `not-found` for an unknown name, `bad-argument` where the operator refuses, in its words, and where it applies
 * nowhere in this network.
 */
export function mutate(parent: TrainedNetwork, name: string, site: Site, rng: RandomStream): Mutant {
  const operator = operatorNamed(name);
  const chosen = choose(operator, parent, site, rng);
  const mutation = operator.apply(parent, chosen, rng.fork('apply'));
  if ('refusal' in mutation) throw new NeurostitchError('bad-argument', `${mutation.refusal.message} (at ${name})`);
  const { network, state } = mutation.child;
  // Where the parent stands in a training that has not ended is not where the child stands.
  return { child: { network, state: { moments: state.moments } }, site: chosen };
}

function choose(operator: Operator, { network }: TrainedNetwork, site: Site, rng: RandomStream): Site {
  const offered = operator.sites(network);
  const given = Object.entries(site);
  const agreeingIn = (entries: typeof given): Site[] =>
    offered.filter((other) => entries.every(([key, value]) => JSON.stringify(other[key]) === JSON.stringify(value)));
  const agreeing = agreeingIn(given);
  if (agreeing.length > 0) return rng.fork('site').pick(agreeing);
  // Amounts can be others than those offered; places cannot.
  const places = agreeingIn(given.filter(([, value]) => typeof value !== 'number'));
  if (places.length > 0) return { ...rng.fork('site').pick(places), ...site };
  if (given.length > 0) return site;
  throw expected('bad-argument', `a network to which ${operator.name} applies`, new Words('none of its sites'));
}
