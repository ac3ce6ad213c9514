// Where each individual stands in the drawing of the lineage: a column for each generation, and in it near its parents.
import type { IndividualRecord } from '../../population/run/journal-events.ts';
import type { RunRecord } from '../../population/run/run-record.ts';

/**
 * The place of each individual, in the record's order: its generation, and its lane, centred about 0 and 1 apart.
 *
 * Within a generation they are sorted by the mean lane of their parents, which keeps edges from crossing (the barycentre
 * method; Sugiyama, Tagawa, Toda 1981, "Methods for visual understanding of hierarchical system structures", one sweep).
 */
export function lineageLayout({ individuals }: Pick<RunRecord, 'individuals'>): (readonly [number, number])[] {
  const lanes = new Map<string, number>();
  for (const generation of [...new Set(individuals.map((one) => one.generation))].sort((a, b) => a - b)) {
    const members = individuals.filter((individual) => individual.generation === generation);
    const wanted = new Map(members.map((member) => [member.id, meanLane(member, lanes)]));
    const sorted = members.toSorted((a, b) => wanted.get(a.id)! - wanted.get(b.id)!);
    for (const [index, { id }] of sorted.entries()) lanes.set(id, index - (members.length - 1) / 2);
  }
  return individuals.map(({ id, generation }) => [generation, lanes.get(id)!]);
}

function meanLane({ provenance }: IndividualRecord, lanes: ReadonlyMap<string, number>): number {
  const known = provenance.parents.map((parent) => lanes.get(parent)).filter((lane) => lane !== undefined);
  return known.reduce((sum, lane) => sum + lane, 0) / Math.max(known.length, 1);
}
