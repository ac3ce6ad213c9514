// The journal that a made-up run would have left.
import type { RunRecord } from '../../population/run/run-record.ts';

/** A line of JSON for each event, without line ends, in the order of their times. */
export function journalLines({ start, individuals, generations, tests, end }: RunRecord): string[] {
  const last = individuals.at(-1)?.at ?? start.at;
  const tested = [...tests].map(([id, test]) => ({ type: 'tested', at: last + 1000, id, test }));
  const events = [start, ...individuals, ...generations, ...tested, ...(end ? [end] : [])];
  return events.toSorted((a, b) => a.at - b.at).map((event) => JSON.stringify(event));
}
