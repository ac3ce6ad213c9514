// Which children on the front are better than a network that the run began with, on validation and on test.
import { dominates } from '../src/pareto/dominance.ts';
import { distances, type ObjectiveValues } from '../population/objectives/compare.ts';
import { optimised, type FrontMember, type RunRecord } from '../population/run/run-record.ts';
import { nameOf } from './individual-name.ts';

/** A first parent that a child dominates on what the run optimises. */
export interface BeatenParent {
  readonly name: string;
  /**
   * Whether it also does with the errors and losses on test, all else as it was; null where one of the two was not
   * tested, and for a run that optimises neither error nor loss.
   */
  readonly onTest: boolean | null;
}

export interface Improvement {
  readonly member: FrontMember;
  /** At least one, in the order of the run. */
  readonly beaten: readonly BeatenParent[];
}

/** The children on a run's front (`frontOf`) that dominate a first parent, in the front's order. */
export function improvements(
  { start, individuals, tests }: Pick<RunRecord, 'start' | 'individuals' | 'tests'>,
  front: readonly FrontMember[],
): Improvement[] {
  const objectives = optimised(start);
  const dominatesOn = (child: ObjectiveValues, parent: ObjectiveValues): boolean =>
    dominates(distances(objectives, child), distances(objectives, parent));
  const learnt = objectives.some(({ name }) => name === 'error' || name === 'loss');
  const firsts = individuals.filter((individual) => individual.provenance.how === 'first' && individual.values);
  return front
    .filter(({ parents }) => parents.length > 0)
    .map((member) => ({
      member,
      beaten: firsts
        .filter((first) => dominatesOn(member.objectives, first.values!))
        .map((first) => {
          const test = tests.get(first.id);
          const comparable = learnt && member.test !== null && test !== undefined;
          return {
            name: nameOf(first),
            onTest: comparable
              ? dominatesOn({ ...member.objectives, ...member.test }, { ...first.values!, ...test })
              : null,
          };
        }),
    }))
    .filter(({ beaten }) => beaten.length > 0);
}
