// Applies one operator of the registry at a site that is named in whole, in part or not at all.
import { expected, NeurostitchError, Words } from '../src/errors.ts';
import type { Network } from '../src/network/network.ts';
import type { RandomStream } from '../src/random/stream.ts';
import type { TrainedNetwork } from '../src/training/training-state.ts';
import { withChannels } from './channels/channel-site.ts';
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
 * numbers and lists of them completes `site`, or `site` is taken as it is.
 *
 * Throws `not-found` for an unknown name, `bad-argument` where the operator refuses, in its words, and where it applies
 * nowhere in this network.
 */
export function mutate(parent: TrainedNetwork, name: string, site: Site, rng: RandomStream): Mutant {
  const operator = operatorNamed(name);
  const chosen = rng.fork('site').pick(agreeingSites(operator, parent.network, site));
  const mutation = operator.apply(parent, chosen, rng.fork('apply'));
  if ('refusal' in mutation) throw new NeurostitchError('bad-argument', `${mutation.refusal.message} (at ${name})`);
  const { network, state } = mutation.child;
  // Where the parent stands in a training that has not ended is not where the child stands.
  return { child: { network, state: { moments: state.moments } }, site: chosen };
}

/**
 * The sites that agree with what `given` says, one at least: of those that the operator offers in the network; where none
 * of these does, those that agree in all but numbers and lists of them, with those of `given`; else `given` as it is.
 *
 * Throws `bad-argument` where `given` says nothing and the operator applies nowhere.
 */
export function agreeingSites(operator: Operator, network: Network, given: Site): readonly Site[] {
  const site = counted(operator, given);
  const offered = operator.sites(network);
  const agreeing = offered.filter((other) => agrees(other, site));
  if (agreeing.length > 0) return agreeing;
  // Amounts, and which channels, can be others than those offered; places cannot.
  const named = Object.entries(site).filter(([, value]) => typeof value !== 'number' && !Array.isArray(value));
  const places = offered.filter((other) => agrees(other, Object.fromEntries(named)));
  const completed = places.map((other) => ({ ...other, ...site }));
  // Those offered with different amounts are one now.
  if (completed.length > 0) return [...new Map(completed.map((other) => [JSON.stringify(other), other])).values()];
  if (Object.keys(site).length > 0) return [site];
  throw expected('bad-argument', `a network to which ${operator.name} applies`, new Words('none of its sites'));
}

function agrees(offered: Site, said: Site): boolean {
  return Object.entries(said).every(([key, value]) => JSON.stringify(offered[key]) === JSON.stringify(value));
}

/** Who names channels need not say how many. */
function counted({ namesChannels }: Operator, site: Site): Site {
  const { channels, amount } = site;
  if (!namesChannels || amount !== undefined || !Array.isArray(channels)) return site;
  return withChannels(site, channels as number[]);
}
