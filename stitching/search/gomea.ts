// A multi-objective GOMEA over genotypes: individuals take over sets of linked variables, where that does them good.
import type { ObjectiveVector } from '../../src/pareto/dominance.ts';
import { dominates } from '../../src/pareto/dominance.ts';
import type { RandomStream } from '../../src/random/stream.ts';
import type { EvaluatedGenotype, Ledger } from './ledger.ts';
import { linkageTree } from './linkage-tree.ts';
import type { SearchAlgorithm } from './search.ts';
import { fromRow, sparseRow, toRow, type Row } from './variables.ts';

/** One member of the population, and the trade-off that it is after. */
interface Member {
  readonly row: Row;
  readonly child: EvaluatedGenotype;
  readonly weights: readonly number[];
  /** Generations without an improvement. */
  readonly stagnant: number;
}

/**
 * Gene-pool optimal mixing: along a linkage tree learnt from the population, every member takes the values of one set
 * after the other from a random other one, and keeps them where its own scalarised objective (weighted Chebyshev
 * distance from the ideal) does not get worse or the child enters the front. Who has not improved for
 * 1 + log2(population) generations takes from the front instead, and keeps improvements alone. A population that has
 * nothing new to ask for is replaced by another.
 *
 * All members try one set at the same time, so that their children are evaluated together.
 *
 * Source: Thierens & Bosman 2011, "Optimal mixing evolutionary algorithms", with a scalarisation for each member as in
 * Guijt et al. 2024, "Stitching for Neuroevolution: Recombining Deep Neural Networks without Breaking Them".
 */
export const gomea: SearchAlgorithm = async (supernetwork, ledger, { populationSize, rng }) => {
  const patience = 1 + Math.floor(Math.log2(populationSize));
  while (!ledger.finished) {
    const rows = Array.from({ length: populationSize }, () => sparseRow(supernetwork, rng));
    let members = await firstMembers(rows, ledger, rng);
    let spent: number;
    do {
      spent = ledger.spent;
      members = await nextGeneration(members, { ledger, patience, rng });
    } while (ledger.spent > spent);
  }
};

interface Mixing {
  readonly ledger: Ledger;
  /** Generations without an improvement after which a member takes from the front. */
  readonly patience: number;
  readonly rng: RandomStream;
}

/** Spreads the trade-offs over the members: in turn, each takes the child that serves it best. */
async function firstMembers(rows: readonly Row[], ledger: Ledger, rng: RandomStream): Promise<Member[]> {
  const asked = await ledger.ask(rows.map(fromRow));
  const left = rows.flatMap((row, index) => (asked[index] ? [{ row, child: asked[index] }] : []));
  const bounds = boundsOf(left.map(({ child }) => child));
  const axes = bounds.ideal.length;
  return Array.from({ length: left.length }, (_, index) => {
    // The first ones are after one objective alone; then draws from all trade-offs alike.
    const draws = Array.from(
      { length: axes },
      (_, axis) => -Math.log(1 - rng.float()) * Number(index >= axes || index === axis),
    );
    const weights = draws.map((draw) => draw / draws.reduce((sum, value) => sum + value, 0));
    const scores = left.map(({ child }) => scalarised(child.objectives, weights, bounds));
    const [taken] = left.splice(scores.indexOf(Math.min(...scores)), 1);
    return { ...taken!, weights, stagnant: 0 };
  });
}

async function nextGeneration(members: readonly Member[], mixing: Mixing): Promise<Member[]> {
  const donors = members.map(({ row }) => row);
  let now = [...members];
  for (const set of mixing.rng.shuffle(linkageTree(donors))) now = await mixed(now, set, donors, mixing);
  return now.map((member, index) => {
    const before = members[index]!.child.objectives;
    const improved = member.child.objectives.some((value, axis) => value !== before[axis]);
    return { ...member, stagnant: improved ? 0 : member.stagnant + 1 };
  });
}

/** Every member tries the values of a donor in one set of variables. */
async function mixed(
  members: Member[],
  set: readonly number[],
  donors: readonly Row[],
  mixing: Mixing,
): Promise<Member[]> {
  const { ledger, patience, rng } = mixing;
  const front = ledger.front();
  const trials = members.map(({ row, stagnant }) => {
    const donor = stagnant > patience ? toRow(rng.pick(front).genotype) : rng.pick(donors);
    return row.map((value, at) => (set.includes(at) ? donor[at]! : value));
  });
  const changed = [...members.keys()].filter((index) =>
    trials[index]!.some((value, at) => value !== members[index]!.row[at]),
  );
  const children = await ledger.ask(changed.map((index) => fromRow(trials[index]!)));
  const entered = new Set(ledger.front());
  for (const child of front) entered.delete(child);
  const bounds = boundsOf([
    ...members.map((member) => member.child),
    ...children.filter((child) => child !== undefined),
  ]);
  const next = [...members];
  changed.forEach((index, i) => {
    const [member, child] = [members[index]!, children[i]];
    if (child === undefined) return;
    const gain =
      scalarised(member.child.objectives, member.weights, bounds) -
      scalarised(child.objectives, member.weights, bounds);
    const better = gain > 0 || entered.has(child) || dominates(child.objectives, member.child.objectives);
    if (better || (gain === 0 && member.stagnant <= patience)) next[index] = { ...member, row: trials[index]!, child };
  });
  return next;
}

/** The least and the greatest finite value of each objective. */
interface Bounds {
  readonly ideal: ObjectiveVector;
  readonly worst: ObjectiveVector;
}

function boundsOf(children: readonly EvaluatedGenotype[]): Bounds {
  const axes = [...(children[0]?.objectives.keys() ?? [])];
  const finite = axes.map((axis) => children.map(({ objectives }) => objectives[axis]!).filter(Number.isFinite));
  return { ideal: finite.map((values) => Math.min(...values)), worst: finite.map((values) => Math.max(...values)) };
}

/** The weighted Chebyshev distance from the ideal, each objective as a share of its range. */
function scalarised(objectives: ObjectiveVector, weights: readonly number[], { ideal, worst }: Bounds): number {
  const distances = objectives.map((value, axis) => {
    const range = worst[axis]! - ideal[axis]!;
    return value === ideal[axis] ? 0 : weights[axis]! * (range > 0 ? (value - ideal[axis]!) / range : 1);
  });
  return Math.max(...distances);
}
