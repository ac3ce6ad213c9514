// What each way of making individuals was good for: how many it made, and how far they got.
import { operatorLabel, type FrontMember, type RunRecord } from '../population/run/run-record.ts';

export interface OperatorCredit {
  /** An operator's name, "stitch", or "first parents". */
  readonly label: string;
  readonly made: number;
  readonly failed: number;
  /** Among the survivors of the generation in which they were made. */
  readonly survived: number;
  readonly onFront: number;
}

type Counts = { -readonly [Name in Exclude<keyof OperatorCredit, 'label'>]: number };

/** One for each operator that made an individual, the busiest first. `front` is the record's (`frontOf`). */
export function operatorCredit(
  { individuals, generations }: Pick<RunRecord, 'individuals' | 'generations'>,
  front: readonly FrontMember[],
): OperatorCredit[] {
  const survivors = new Map(generations.map(({ generation, survivors }) => [generation, new Set(survivors)]));
  const members = new Set(front.map(({ id }) => id));
  const credits = new Map<string, Counts>();
  for (const { id, provenance, generation, validation } of individuals) {
    const label = provenance.how === 'first' ? 'first parents' : operatorLabel(provenance);
    const counts = credits.get(label) ?? { made: 0, failed: 0, survived: 0, onFront: 0 };
    credits.set(label, counts);
    counts.made++;
    if (validation === null) counts.failed++;
    if (survivors.get(generation)?.has(id)) counts.survived++;
    if (members.has(id)) counts.onFront++;
  }
  return [...credits]
    .map(([label, counts]) => ({ label, ...counts }))
    .sort((a, b) => b.made - a.made || (a.label < b.label ? -1 : 1));
}
