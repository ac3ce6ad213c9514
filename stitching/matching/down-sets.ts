// The down-sets of an order: every set of vertices that could have been computed so far.
import { add, emptySet, has, hasAll, keyOf } from './bit-set.ts';
import { reaches, type Reachability } from './reachability.ts';

/**
 * Sets of vertices that hold all listed ancestors of their members, from the empty set (number 0) to the set of all
 * (the last), each after its subsets.
 *
 * The steps that complete set s are those from starts[s] up to starts[s + 1]: step k adds vertices[k] to set sources[k].
 */
export interface DownSets {
  readonly count: number;
  readonly starts: Int32Array;
  readonly vertices: Int32Array;
  readonly sources: Int32Array;
}

type Step = readonly [vertex: number, source: number];

/**
 * All down-sets of the listed vertices, or undefined where there are more than `limit`.
 *
 * A chain of n has n + 1, and k parallel branches of n have (n + 1)^k. O(sets * vertices^2 / 32).
 */
export function allDownSets(graph: Reachability, listed: readonly number[], limit: number): DownSets | undefined {
  const widths = new Map<number, number>();
  for (const vertex of listed) widths.set(graph.depths[vertex]!, (widths.get(graph.depths[vertex]!) ?? 0) + 1);
  // Vertices of equal depth are free of one another, so that any subset of them makes a down-set.
  if (2 ** Math.max(0, ...widths.values()) > limit) return undefined;

  const needs = listed.map((vertex) => {
    const set = emptySet(listed.length);
    listed.forEach((other, place) => {
      if (reaches(graph, other, vertex)) add(set, place);
    });
    return set;
  });
  const sets = [emptySet(listed.length)];
  const steps: Step[][] = [[]];
  const numbers = new Map([[keyOf(sets[0]!), 0]]);
  // The list grows while it is read, by sets of one vertex more, so that subsets come first.
  for (let source = 0; source < sets.length; source++) {
    const set = sets[source]!;
    for (let place = 0; place < listed.length; place++) {
      if (has(set, place) || !hasAll(set, needs[place]!)) continue;
      const grown = set.slice();
      add(grown, place);
      const key = keyOf(grown);
      let number = numbers.get(key);
      if (number === undefined) {
        if (sets.length >= limit) return undefined;
        number = sets.push(grown) - 1;
        steps.push([]);
        numbers.set(key, number);
      }
      steps[number]!.push([listed[place]!, source]);
    }
  }
  return downSets(steps);
}

/** The down-sets along one topological order of the listed vertices. O(vertices). */
export function downSetsAlong(graph: Reachability, listed: readonly number[]): DownSets {
  const wanted = new Set(listed);
  const order = graph.order.filter((vertex) => wanted.has(vertex));
  return downSets([[], ...order.map((vertex, source): Step[] => [[vertex, source]])]);
}

function downSets(steps: readonly (readonly Step[])[]): DownSets {
  const starts = new Int32Array(steps.length + 1);
  steps.forEach((list, set) => (starts[set + 1] = starts[set]! + list.length));
  const flat = steps.flat();
  return {
    count: steps.length,
    starts,
    vertices: Int32Array.from(flat, ([vertex]) => vertex),
    sources: Int32Array.from(flat, ([, source]) => source),
  };
}
