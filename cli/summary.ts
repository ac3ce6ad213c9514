// What a run came to, as data: the shape of `--json`.
import { dominates, type EvolutionRun, type FrontMember } from '../population/index.ts';

export interface Summary {
  readonly folder: string;
  readonly endedBy: 'generations' | 'maxEvaluations' | 'interrupted' | 'unfinished';
  readonly evaluations: number;
  /** Of the front, as a share of the box up to `reference` (validation error, MACs); null before the first generation. */
  readonly hypervolume: number | null;
  readonly reference: readonly [number, number];
  readonly front: readonly FrontMember[];
  /** Children on the front that dominate a member of the first population on validation and on test. */
  readonly improvements: readonly { readonly child: string; readonly first: string }[];
}

export function summary({ folder, record, front }: Pick<EvolutionRun, 'folder' | 'record' | 'front'>): Summary {
  return {
    folder,
    endedBy: record.end?.reason ?? 'unfinished',
    evaluations: record.individuals.length,
    hypervolume: record.generations.at(-1)?.hypervolume ?? null,
    reference: record.start.reference,
    front,
    improvements: improvements(record, front),
  };
}

function improvements(record: EvolutionRun['record'], front: readonly FrontMember[]): Summary['improvements'] {
  const firsts = record.individuals.filter(({ provenance }) => provenance.how === 'first');
  return front
    .filter(({ parents }) => parents.length > 0)
    .flatMap(({ id, validation, test, objectives: { macs } }) =>
      firsts
        .filter((first) => {
          const firstTest = record.tests.get(first.id);
          return (
            first.validation &&
            firstTest &&
            test &&
            dominates([validation.error, macs], [first.validation.error, first.macs]) &&
            dominates([test.error, macs], [firstTest.error, first.macs])
          );
        })
        .map((first) => ({ child: id, first: first.id })),
    );
}
