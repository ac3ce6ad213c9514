// What a child of few stitches computes, as sets that costs add up over: no network is built to know what it costs.
import { nodeCosts, type NetworkCost } from '../src/network/cost.ts';
import { nodeHashes } from '../src/network/hash.ts';
import { add, addAll, emptySet, type BitSet } from './matching/bit-set.ts';
import type { Supernetwork } from './supernetwork.ts';

/**
 * A set holds numbers of computations: one for each distinct layer of the parents as they are (a child computes equal
 * ones once), one for each node of a parent as it is behind a stitch, where it equals none of those, and one for each
 * stitch.
 */
export interface CrossingParts {
  /** All that the tensor which stitch `at` reads takes in its parent. */
  readonly front: (at: number) => BitSet;
  /** All that node `id` takes in the parent that stitch `at` leads into, from there; undefined if it leads nowhere. */
  readonly behind: (at: number, id: string) => BitSet | undefined;
  readonly cost: (computations: BitSet) => NetworkCost;
}

/** A node of a parent, and its numbers: as it is, and behind a stitch. */
interface NumberedNode {
  readonly id: string;
  readonly inputs: readonly string[];
  readonly plain: number;
  readonly stitched: number;
}

/** A computation, and all that it takes, itself included. */
interface Closure {
  readonly number: number;
  readonly all: BitSet;
}

type Closures = ReadonlyMap<string, Closure>;

/** Sets for every stitch and every node behind it: some megabytes for parents of 150 nodes. */
export function crossingParts({ parents, stitches }: Supernetwork): CrossingParts {
  const costs: NetworkCost[] = [];
  const numberOf = (cost: NetworkCost): number => costs.push(cost) - 1;
  const networks = numberedNodes(parents, numberOf);
  const numbers = stitches.map(({ cost }) => numberOf(cost));

  const together = (number: number, inputs: readonly Closure[]): Closure => {
    const all = emptySet(costs.length);
    for (const input of inputs) addAll(all, input.all);
    add(all, number);
    return { number, all };
  };
  const plain = networks.map((nodes): Closures => {
    const known = new Map<string, Closure>();
    for (const { id, inputs, plain: number } of nodes) {
      const read = inputs.map((input) => known.get(input)!);
      known.set(id, together(number, read));
    }
    return known;
  });
  const behind = stitches.map(({ to: { network, node: replaced } }, at): Closures => {
    const known = new Map([[replaced, together(numbers[at]!, [])]]);
    const alike = new Map<string, number>();
    for (const { id, inputs, plain: layer, stitched } of networks[network]!) {
      if (!inputs.some((input) => known.has(input))) continue;
      const read = inputs.map((input) => known.get(input) ?? plain[network]!.get(input)!);
      // Equal layers that read the same are one here too.
      const reading = [layer, ...read.map(({ number }) => number)].join();
      const number = alike.get(reading) ?? stitched;
      alike.set(reading, number);
      known.set(id, together(number, read));
    }
    known.delete(replaced);
    return known;
  });
  const macs = Float64Array.from(costs, (cost) => cost.macs);
  const params = Float64Array.from(costs, (cost) => cost.params);
  return {
    front: (at) => plain[stitches[at]!.from.network]!.get(stitches[at]!.from.node)!.all,
    behind: (at, id) => behind[at]!.get(id)?.all,
    cost: (computations) => ({ macs: sumOver(computations, macs), params: sumOver(computations, params) }),
  };
}

/** The nodes of both parents. */
function numberedNodes(
  parents: Supernetwork['parents'],
  numberOf: (cost: NetworkCost) => number,
): readonly (readonly NumberedNode[])[] {
  const distinct = new Map<string, number>();
  return parents.map(({ network }) => {
    const [costs, hashes] = [nodeCosts(network), nodeHashes(network)];
    return network.nodes.map(({ id, inputs }): NumberedNode => {
      const cost = costs.get(id)!;
      const plain = distinct.get(hashes.get(id)!) ?? numberOf(cost);
      distinct.set(hashes.get(id)!, plain);
      return { id, inputs, plain, stitched: numberOf(cost) };
    });
  });
}

function sumOver(set: BitSet, values: Float64Array): number {
  let sum = 0;
  for (let word = 0; word < set.length; word++) {
    // Each turn takes the lowest bit that is set.
    for (let bits = set[word]!; bits !== 0; bits &= bits - 1) sum += values[32 * word + 31 - Math.clz32(bits & -bits)]!;
  }
  return sum;
}
