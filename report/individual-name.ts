// What people call an individual: first parents by their names, their descendants by id.
import type { IndividualRecord } from '../population/run/journal-events.ts';
import type { RunRecord } from '../population/run/run-record.ts';

/** Gives the name for an id; an id that the record does not know stands for itself. */
export function individualNames({ individuals }: Pick<RunRecord, 'individuals'>): (id: string) => string {
  const names = new Map(individuals.map((individual) => [individual.id, nameOf(individual)]));
  return (id) => names.get(id) ?? id;
}

export function nameOf({ id, provenance }: IndividualRecord): string {
  return provenance.how === 'first' ? provenance.name : id;
}
