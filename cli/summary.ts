// What a run came to, as data: the shape of `evolve --json`.
import type { EvolutionRun, FrontMember } from '../population/index.ts';
import { improvements, type BeatenParent } from '../report/index.ts';

export interface Summary {
  readonly folder: string;
  readonly endedBy: 'generations' | 'maxEvaluations' | 'interrupted' | 'unfinished';
  readonly evaluations: number;
  /** Of the front, as a share of the box up to `reference`; null before the first generation is complete. */
  readonly hypervolume: number | null;
  /** Validation error and MACs. */
  readonly reference: readonly [number, number];
  readonly front: readonly FrontMember[];
  /** Members of the front that dominate networks of the first population, and which. */
  readonly improvements: readonly { readonly child: string; readonly beaten: readonly BeatenParent[] }[];
}

export function summary({ folder, record, front }: EvolutionRun): Summary {
  return {
    folder,
    endedBy: record.end?.reason ?? 'unfinished',
    evaluations: record.individuals.length,
    hypervolume: record.generations.at(-1)?.hypervolume ?? null,
    reference: record.start.reference,
    front,
    improvements: improvements(record, front).map(({ member, beaten }) => ({ child: member.id, beaten })),
  };
}
