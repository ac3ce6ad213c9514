// The one list of site strategies.
import { expected } from '../../src/errors.ts';
import { deadness } from './deadness.ts';
import { gradientGain } from './gradient-gain.ts';
import { neuronGradient } from './neuron-gradient.ts';
import { randomSite } from './random-site.ts';
import type { SiteStrategy } from './site-strategy.ts';

/** Every strategy of the package. */
export const strategies: readonly SiteStrategy[] = [randomSite, gradientGain, neuronGradient, deadness];

/** The strategy of this name; throws `not-found` for a name that is none. */
export function strategyNamed(name: string): SiteStrategy {
  const found = strategies.find((strategy) => strategy.name === name);
  const names = strategies.map((strategy) => strategy.name);
  if (!found) throw expected('not-found', `a strategy (${names.join(', ')})`, name, undefined, names);
  return found;
}
