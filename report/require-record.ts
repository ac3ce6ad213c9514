// Tells callers without types what a report is made of.
import type { RunRecord } from '../population/run/run-record.ts';
import { expected } from '../src/errors.ts';

/** Throws `bad-argument` for what is no record of a run, such as the run itself. */
export function requireRecord(record: unknown): asserts record is RunRecord {
  if (typeof record !== 'object' || record === null || !('start' in record && 'individuals' in record))
    throw expected('bad-argument', 'the record of a run', record, 'record');
}
