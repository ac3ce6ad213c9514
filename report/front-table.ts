// The front as a table of plain text, for terminals.
import type { FrontMember } from '../population/run/run-record.ts';
import { compactCount, percentNumber } from './number-text.ts';

const columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[] = [
  { title: 'id', align: 'left' },
  { title: 'error %', align: 'right' },
  { title: 'MACs', align: 'right' },
  { title: 'parameters', align: 'right' },
  { title: 'test accuracy %', align: 'right' },
  { title: 'made by', align: 'left' },
];

/** Aligned columns, one member a line, without a line break at the end; for an empty front a sentence. */
export function frontTable(members: readonly FrontMember[]): string {
  if (members.length === 0) return 'The front is empty: no individual has finished.';
  const rows = [columns.map(({ title }) => title), ...members.map(cellsOf)];
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => row[index]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, index) =>
          columns[index]!.align === 'left' ? cell.padEnd(widths[index]!) : cell.padStart(widths[index]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cellsOf({ id, objectives, test, operator }: FrontMember): string[] {
  return [
    id,
    percentNumber(objectives.error),
    compactCount(objectives.macs),
    compactCount(objectives.params),
    test === null ? '-' : percentNumber(1 - test.error),
    operator,
  ].map(printable);
}

/** Control characters in a name could move the cursor or colour the terminal. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '?');
}
