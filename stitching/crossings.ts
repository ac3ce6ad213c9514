// The children with few stitches: from one parent to the other once, or there and back.
import type { NetworkCost } from '../src/network/cost.ts';
import { outputNode } from '../src/network/network.ts';
import { crossingParts } from './crossing-parts.ts';
import { genotypeWith, type Genotype } from './genotype.ts';
import { addAll } from './matching/bit-set.ts';
import type { Supernetwork } from './supernetwork.ts';

/** A child of one or two stitches. */
export class Crossing {
  readonly cost: NetworkCost;
  readonly #supernetwork: Supernetwork;
  readonly #path: Path;

  /** `path` is not empty. */
  constructor(supernetwork: Supernetwork, path: Path, cost: NetworkCost) {
    this.#supernetwork = supernetwork;
    this.#path = path;
    this.cost = cost;
  }

  /** In canonical form. Made when it is asked for: M matches have M^2 crossings, of 2 M switches each. */
  get genotype(): Genotype {
    const { stitches } = this.#supernetwork;
    return genotypeWith(this.#supernetwork, this.#path, stitches[this.#path.at(-1)!]!.to.network === 0 ? 'a' : 'b');
  }
}

/** Positions of stitches in the order in which a child computes them; the last one leads to the output. */
type Path = readonly number[];

/**
 * The front of one parent, one stitch, the back of the other: one for each stitch, cheapest (in MACs) first; of
 * equals, those whose stitches come last in the supernetwork go first.
 */
export function singleCrossings(supernetwork: Supernetwork): Crossing[] {
  return ranked(supernetwork, singles(supernetwork));
}

/**
 * The middle of one parent inside the other, entered by one stitch and left by another, in the same order. For M matches
 * there are up to M (M - 1).
 */
export function doubleCrossings(supernetwork: Supernetwork): Crossing[] {
  return ranked(supernetwork, doubles(supernetwork));
}

/** The single and the double ones in one list, cheapest first; of equals the single ones. */
export function crossings(supernetwork: Supernetwork): Crossing[] {
  return ranked(supernetwork, [...singles(supernetwork), ...doubles(supernetwork)]);
}

function singles({ stitches }: Supernetwork): Path[] {
  return stitches.map((_, at) => [at]).reverse();
}

/** Pairs of stitches in opposite directions; not all of them are crossings. The supernetwork has them in order. */
function doubles({ stitches }: Supernetwork): Path[] {
  const paths: Path[] = [];
  for (let one = stitches.length - 1; one >= 0; one--) {
    for (let other = stitches.length - 1; other > one; other--) {
      if (stitches[one]!.to.network !== stitches[other]!.to.network) paths.push([one, other]);
    }
  }
  return paths;
}

/** Without the paths that end early: where a stitch has no effect, the child has fewer of them, or is a parent. */
function ranked(supernetwork: Supernetwork, paths: readonly Path[]): Crossing[] {
  const { parents, stitches } = supernetwork;
  const { front, behind, cost } = crossingParts(supernetwork);
  const found = paths.flatMap((path): Crossing[] => {
    const { network } = stitches[path.at(-1)!]!.to;
    // Each stitch leads to what the next one reads, and the last one to the output.
    const ends = [...path.slice(1).map((at) => stitches[at]!.from.node), outputNode(parents[network].network).id];
    const computations = front(path[0]!).slice();
    for (const [index, at] of path.entries()) {
      const stretch = behind(at, ends[index]!);
      if (!stretch) return [];
      addAll(computations, stretch);
    }
    return [new Crossing(supernetwork, path, cost(computations))];
  });
  return found.sort((one, other) => one.cost.macs - other.cost.macs);
}
