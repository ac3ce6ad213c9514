// Which children on the front are better than a network that the run began with, on validation and on test.
import { dominates } from '../src/pareto/dominance.ts';
import type { FrontMember, RunRecord } from '../population/run/run-record.ts';
import { nameOf } from './individual-name.ts';

/** A first parent that a child dominates on validation error and MACs. */
export interface BeatenParent {
  readonly name: string;
  /** Whether the child also dominates it on test error and MACs; null where one of the two was not tested. */
  readonly onTest: boolean | null;
}

export interface Improvement {
  readonly member: FrontMember;
  /** At least one, in the order of the run. */
  readonly beaten: readonly BeatenParent[];
}

/** The children on a run's front (`frontOf`) that dominate a first parent, in the front's order. */
export function improvements(
  { individuals, tests }: Pick<RunRecord, 'individuals' | 'tests'>,
  front: readonly FrontMember[],
): Improvement[] {
  const firsts = individuals.filter((individual) => individual.provenance.how === 'first' && individual.validation);
  return front
    .filter(({ parents }) => parents.length > 0)
    .map((member) => ({
      member,
      beaten: firsts
        .filter((first) => dominates(vectorOf(member.validation, member), [first.validation!.error, first.macs]))
        .map((first) => {
          const test = tests.get(first.id);
          const comparable = member.test !== null && test !== undefined;
          return {
            name: nameOf(first),
            onTest: comparable ? dominates(vectorOf(member.test, member), [test.error, first.macs]) : null,
          };
        }),
    }))
    .filter(({ beaten }) => beaten.length > 0);
}

function vectorOf({ error }: { readonly error: number }, { objectives }: FrontMember): [number, number] {
  return [error, objectives.macs];
}
