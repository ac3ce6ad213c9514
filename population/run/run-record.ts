// A run as its journal tells it: what reports and tables are made from.
import { expected, Words } from '../../src/errors.ts';
import { dominates } from '../../src/pareto/dominance.ts';
import { hypervolumeShare } from '../../src/pareto/hypervolume.ts';
import {
  journalEventSchema,
  type GenerationRecord,
  type IndividualRecord,
  type JournalEvent,
  type RunEnded,
  type RunStarted,
} from './journal-events.ts';

/** All events of a run, sorted by kind. */
export interface RunRecord {
  /** With the limits that were set last. */
  readonly start: RunStarted;
  /** In order of evaluation. */
  readonly individuals: readonly IndividualRecord[];
  readonly generations: readonly GenerationRecord[];
  /** Test metrics by id, for those that were tested. */
  readonly tests: ReadonlyMap<string, { readonly error: number; readonly loss: number }>;
  /** Undefined while the run goes on, or when it was cut off. */
  readonly end: RunEnded | undefined;
}

/** One line of the front, as front.json has it. */
export interface FrontMember {
  readonly id: string;
  readonly objectives: { readonly error: number; readonly macs: number; readonly params: number };
  readonly validation: { readonly error: number; readonly loss: number };
  /** Null where the run was cut off before testing. */
  readonly test: { readonly error: number; readonly loss: number } | null;
  /** "first: NAME", an operator's name, or "stitch". */
  readonly operator: string;
  readonly parents: readonly string[];
  /** Hash of the model's manifest blob. */
  readonly model: string;
}

/** Checks the lines of a journal; throws `bad-run`, naming the line, for one that is no event. */
export function parseEvents(lines: readonly unknown[], path: string): JournalEvent[] {
  return lines.map((line, index) => {
    const parsed = journalEventSchema.safeParse(line);
    if (!parsed.success) {
      const place = parsed.error.issues[0]!.path.join('.');
      const fault = place === '' ? 'something else' : `one with a wrong "${place}"`;
      throw expected('bad-run', 'a journal event', new Words(fault), `${path}:${index + 1}`);
    }
    return parsed.data;
  });
}

/** Throws `bad-run` for events that are none, or a journal that does not open with a run. */
export function toRunRecord(lines: readonly unknown[], path: string): RunRecord {
  const events = parseEvents(lines, path);
  const [start] = events;
  if (start?.type !== 'run')
    throw expected('bad-run', 'a journal that opens with a run', start?.type ?? new Words('an empty file'), path);
  const { generations, maxEvaluations } = events.findLast((event) => event.type === 'limits') ?? start.config;
  const last = events.at(-1);
  return {
    start: { ...start, config: { ...start.config, generations, maxEvaluations } },
    individuals: events.filter((event) => event.type === 'individual'),
    generations: events.filter((event) => event.type === 'generation'),
    tests: new Map(events.filter((event) => event.type === 'tested').map(({ id, test }) => [id, test])),
    // Where a run was resumed, an earlier end was none.
    end: last?.type === 'end' ? last : undefined,
  };
}

/** The individuals that no other dominates on validation error and MACs, by rising MACs; of equals the first. */
export function frontOf({ individuals, tests }: Pick<RunRecord, 'individuals' | 'tests'>): FrontMember[] {
  const vectorOf = (record: IndividualRecord): [number, number] => [record.validation!.error, record.macs];
  const finished = individuals.filter((record) => record.validation && record.model);
  const seen = new Set<string>();
  const front = finished.filter((record) => {
    const vector = vectorOf(record);
    if (seen.has(vector.join()) || finished.some((other) => dominates(vectorOf(other), vector))) return false;
    seen.add(vector.join());
    return true;
  });
  return front
    .sort((a, b) => a.macs - b.macs)
    .map((record) => ({
      id: record.id,
      objectives: { error: record.validation!.error, macs: record.macs, params: record.params },
      validation: record.validation!,
      test: tests.get(record.id) ?? null,
      operator: operatorLabel(record.provenance),
      parents: record.provenance.parents,
      model: record.model!,
    }));
}

/**
 * What `frontOf` gives as one number: the share of the box up to the run's reference that it dominates, 0..1. Counts
 * what was committed after the last whole generation, too.
 */
export function hypervolumeOf(front: readonly FrontMember[], { reference }: Pick<RunStarted, 'reference'>): number {
  return hypervolumeShare(
    front.map(({ objectives }) => [objectives.error, objectives.macs]),
    reference,
  );
}

/** How an individual was made, in a word or two. */
export function operatorLabel(provenance: IndividualRecord['provenance']): string {
  if (provenance.how === 'first') return `first: ${provenance.name}`;
  return provenance.how === 'mutation' ? provenance.operator : 'stitch';
}
