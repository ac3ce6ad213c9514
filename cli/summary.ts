// What a run came to, as data: the shape of `evolve --json`.
import type { EvolutionRun, FrontMember, ObjectiveValues, RunEnded } from '../population/index.ts';
import { hypervolumeOf } from '../population/run/run-record.ts';
import { evaluationCount } from '../report/evaluation-count.ts';
import { improvements, type BeatenParent } from '../report/index.ts';
import { counted } from '../report/number-text.ts';
import { boxText } from './hypervolume-box.ts';

export interface Summary {
  readonly folder: string;
  readonly endedBy: RunEnded['reason'] | 'unfinished';
  /** Controls included. */
  readonly evaluations: number;
  /** Of this front, as a share of the box between ideal point and `reference`. */
  readonly hypervolume: number;
  /** By objective; null before the first generation was told whole. */
  readonly reference: ObjectiveValues | null;
  readonly front: readonly FrontMember[];
  /** Members of the front that dominate networks of the first population, and which. */
  readonly improvements: readonly { readonly child: string; readonly beaten: readonly BeatenParent[] }[];
}

export function summary({ folder, record, front }: EvolutionRun): Summary {
  return {
    folder,
    endedBy: record.end?.reason ?? 'unfinished',
    evaluations: evaluationCount(record),
    hypervolume: hypervolumeOf(front, record),
    reference: record.generations[0]?.reference ?? null,
    front,
    improvements: improvements(record, front).map(({ member, beaten }) => ({ child: member.id, beaten })),
  };
}

/** How much was evaluated and what came of it, in a sentence; a hypervolume only with what it is a share of. */
export function figuresLine(run: EvolutionRun): string {
  const { evaluations, hypervolume, reference } = summary(run);
  const share = reference && `, hypervolume ${hypervolume.toFixed(4)} of ${boxText(run.record.start, reference)}`;
  return `${counted(evaluations, 'evaluation')}${share ?? ''}.`;
}

/** Who dominates whom, a line each, and that a run was interrupted. */
export function outcomeLines({ improvements: improved, endedBy }: Summary): string[] {
  const lines = improved.flatMap(({ child, beaten }) => {
    const names = beaten.filter(({ onTest }) => onTest).map(({ name }) => name);
    return names.length > 0 ? [`${child} dominates ${names.join(', ')} on validation and on test.`] : [];
  });
  if (endedBy === 'interrupted') lines.push('Interrupted: what was committed is kept; nothing was tested yet.');
  return lines;
}
