// Asks for the parents, and for the children of one and two stitches by rising cost.
import { crossings } from '../crossings.ts';
import { parentGenotype } from '../genotype.ts';
import type { SearchAlgorithm } from './search.ts';

export const enumerateCrossings: SearchAlgorithm = async (supernetwork, ledger, { populationSize }) => {
  await ledger.ask((['a', 'b', 'average'] as const).map((output) => parentGenotype(supernetwork, output)));
  const ranked = crossings(supernetwork);
  for (let start = 0; start < ranked.length && !ledger.finished; start += populationSize) {
    await ledger.ask(ranked.slice(start, start + populationSize).map(({ genotype }) => genotype));
  }
};
