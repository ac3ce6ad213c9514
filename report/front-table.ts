// The front as a table: of plain text for terminals, of Markdown for a README, as CSV for a spreadsheet.
import type { FrontMember } from '../population/run/run-record.ts';
import { compactCount, percentNumber } from './number-text.ts';
import { textTable, type Column } from './text-table.ts';

const columns: readonly Column[] = [
  { title: 'id', align: 'left' },
  { title: 'error %', align: 'right' },
  { title: 'MACs', align: 'right' },
  { title: 'parameters', align: 'right' },
  { title: 'test accuracy %', align: 'right' },
  { title: 'made by', align: 'left' },
];

/** Aligned columns, one member a line, without a line break at the end; for an empty front a sentence. */
export function frontTable(members: readonly FrontMember[]): string {
  return members.length === 0
    ? 'The front is empty: no individual has finished.'
    : textTable(columns, members.map(cellsOf));
}

/** A table of GitHub-flavoured Markdown; an empty front has its heads only. Ends with a line break. */
export function frontMarkdown(members: readonly FrontMember[]): string {
  const rule = columns.map(({ align }) => (align === 'left' ? '---' : '---:'));
  const rows = members.map((member) => cellsOf(member).map(escapeMarkdown));
  return [columns.map(({ title }) => title), rule, ...rows].map((row) => `| ${row.join(' | ')} |\n`).join('');
}

/** Unrounded values, shares from 0 to 1, as RFC 4180 has them: a line of heads, then one a member. */
export function frontCsv(members: readonly FrontMember[]): string {
  const heads = ['id', 'error', 'macs', 'params', 'validation loss', 'test error', 'test loss', 'operator', 'parents'];
  const rows = members.map(({ id, objectives, validation, test, operator, parents }) => [
    id,
    objectives.error,
    objectives.macs,
    objectives.params,
    validation.loss,
    test?.error ?? '',
    test?.loss ?? '',
    operator,
    parents.join(' '),
  ]);
  return [heads, ...rows].map((row) => `${row.map(csvField).join(',')}\r\n`).join('');
}

function cellsOf({ id, objectives, test, operator }: FrontMember): string[] {
  return [
    id,
    percentNumber(objectives.error),
    compactCount(objectives.macs),
    compactCount(objectives.params),
    test === null ? '-' : percentNumber(1 - test.error),
    operator,
  ];
}

/** Names come from users: they must stay within their cell. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\|`*_<>[\]]/g, '\\$&').replace(/\p{Cc}/gu, ' ');
}

function csvField(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
