// Which variables of a population go together: a tree of ever larger sets, learnt from how their values coincide.
import type { Row } from './variables.ts';

/**
 * Every set of the linkage tree but that of all variables, single variables first: those that tell most of one another
 * (normalised mutual information) are merged first, sets by the mean over their members (UPGMA). Ties go to the sets
 * that were made first. A tree of `rows` of L variables has 2 L - 2 sets.
 *
 * O(L^2 (rows + L)). Source: Thierens & Bosman 2011, "Optimal mixing evolutionary algorithms", section 3.
 */
export function linkageTree(rows: readonly Row[]): number[][] {
  return averageLinkage(pairwiseInformation(rows, rows[0]?.length ?? 0));
}

/** The sets that UPGMA makes of `pairs`, how alike each two items are. */
export function averageLinkage(pairs: readonly (readonly number[])[]): number[][] {
  const likeness = pairs.map((row) => [...row]);
  const sets = likeness.map((_, at) => [at]);
  const live = sets.map((_, index) => index);
  while (live.length > 2) {
    let [one, other] = [live[0]!, live[1]!];
    for (const [place, i] of live.entries()) {
      for (const j of live.slice(place + 1)) if (likeness[i]![j]! > likeness[one]![other]!) [one, other] = [i, j];
    }
    const merged = sets.push([...sets[one]!, ...sets[other]!]) - 1;
    live.splice(live.indexOf(one), 1);
    live.splice(live.indexOf(other), 1);
    likeness.push([]);
    for (const third of live) {
      const [a, b] = [sets[one]!.length, sets[other]!.length];
      const mean = (a * likeness[one]![third]! + b * likeness[other]![third]!) / (a + b);
      likeness[merged]![third] = likeness[third]![merged] = mean;
    }
    live.push(merged);
  }
  return sets;
}

/** I(X; Y) / H(X, Y), 0 to 1, for each two variables; 0 where neither varies. */
function pairwiseInformation(rows: readonly Row[], length: number): number[][] {
  const entropies = Array.from({ length }, (_, i) => entropy(rows, (row) => row[i]!));
  return entropies.map((own, i) =>
    entropies.map((other, j) => {
      // Three values at most.
      const joint = entropy(rows, (row) => 3 * row[i]! + row[j]!);
      return joint > 0 ? (own + other - joint) / joint : 0;
    }),
  );
}

function entropy(rows: readonly Row[], valueOf: (row: Row) => number): number {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(valueOf(row), (counts.get(valueOf(row)) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / rows.length) * Math.log(count / rows.length), 0);
}
