// Asks for random children of few stitches.
import type { SearchAlgorithm } from './search.ts';
import { fromRow, sparseRow } from './variables.ts';

export const randomSearch: SearchAlgorithm = async (supernetwork, ledger, { populationSize, rng }) => {
  while (!ledger.finished) {
    await ledger.ask(Array.from({ length: populationSize }, () => fromRow(sparseRow(supernetwork, rng))));
  }
};
