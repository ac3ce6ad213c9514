// A run as its journal tells it: what reports and tables are made from.
import { expected, Words } from '../../src/errors.ts';
import { Archive } from '../../src/pareto/archive.ts';
import { hypervolumeShare } from '../../src/pareto/hypervolume.ts';
import type { Validation } from '../evaluation/job.ts';
import { limitsOf } from '../config.ts';
import { distances, type ObjectiveValues } from '../objectives/compare.ts';
import {
  journalEventSchema,
  type ControlRecord,
  type GenerationRecord,
  type IndividualRecord,
  type JournalEvent,
  type ObjectiveDescription,
  type RunEnded,
  type RunStarted,
} from './journal-events.ts';

/** All events of a run, sorted by kind. */
export interface RunRecord {
  /** With the limits that were set last. */
  readonly start: RunStarted;
  /** In order of evaluation, without controls. */
  readonly individuals: readonly IndividualRecord[];
  /** Parents as they were, trained as long as their children: what those are held against. In order of evaluation. */
  readonly controls: readonly ControlRecord[];
  readonly generations: readonly GenerationRecord[];
  /** Test metrics by id, for those that were tested. */
  readonly tests: ReadonlyMap<string, { readonly error: number; readonly loss: number }>;
  /** Undefined while the run goes on, or when it was cut off. */
  readonly end: RunEnded | undefined;
}

/** One line of the front, as front.json has it. */
export interface FrontMember {
  readonly id: string;
  /** By name: error, macs, params, and every objective that the run's settings name. */
  readonly objectives: { readonly error: number; readonly macs: number; readonly params: number } & ObjectiveValues;
  readonly validation: Validation;
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
  const limits = limitsOf(events.findLast((event) => event.type === 'limits') ?? start.config);
  const last = events.at(-1);
  return {
    start: { ...start, config: { ...start.config, ...limits } },
    individuals: events.filter((event) => event.type === 'individual'),
    controls: events.filter((event) => event.type === 'control'),
    generations: events.filter((event) => event.type === 'generation'),
    tests: new Map(events.filter((event) => event.type === 'tested').map(({ id, test }) => [id, test])),
    // Where a run was resumed, an earlier end was none.
    end: last?.type === 'end' ? last : undefined,
  };
}

/** The objectives that a run optimises, in the settings' order. */
export function optimised({ config, objectives }: Pick<RunStarted, 'config' | 'objectives'>): ObjectiveDescription[] {
  return config.objectives.map((name) => objectives.find((objective) => objective.name === name)!);
}

/**
 * The individuals that keep all constraints and that no other such dominates on the run's objectives, by rising MACs; of
 * equals the first.
 */
export function frontOf({
  start,
  individuals,
  tests,
}: Pick<RunRecord, 'start' | 'individuals' | 'tests'>): FrontMember[] {
  const objectives = optimised(start);
  const archive = new Archive<IndividualRecord>();
  for (const record of individuals) {
    if (record.model !== null && record.violation === 0) archive.add(record, distances(objectives, record.values!));
  }
  return archive
    .members()
    .sort((a, b) => a.macs - b.macs)
    .map((record) => ({
      id: record.id,
      objectives: { error: record.validation!.error, macs: record.macs, params: record.params, ...record.values },
      validation: record.validation!,
      test: tests.get(record.id) ?? null,
      operator: operatorLabel(record.provenance),
      parents: record.provenance.parents,
      model: record.model!,
    }));
}

/**
 * What `frontOf` gives as one number: the share of the box between ideal point and reference that it dominates, 0..1.
 * Counts what was committed after the last whole generation, too; 0 before there is one.
 */
export function hypervolumeOf(
  front: readonly FrontMember[],
  { start, generations }: Pick<RunRecord, 'start' | 'generations'>,
): number {
  const reference = generations[0]?.reference;
  if (!reference) return 0;
  const objectives = optimised(start);
  return hypervolumeShare(
    front.map((member) => distances(objectives, member.objectives)),
    distances(objectives, reference),
  );
}

/** How an individual was made, in a word or two. */
export function operatorLabel(provenance: IndividualRecord['provenance']): string {
  if (provenance.how === 'first') return `first: ${provenance.name}`;
  return provenance.how === 'mutation' ? provenance.operator : 'stitch';
}
