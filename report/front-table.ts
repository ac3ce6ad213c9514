// The front as a table: of plain text for terminals, of Markdown for a README, as CSV for a spreadsheet.
import type { FrontMember, RunRecord } from '../population/run/run-record.ts';
import { whyNoFront } from './empty-front.ts';
import { compactCount, percentNumber } from './number-text.ts';
import { textTable, type Column } from './text-table.ts';

/** What the run compares members by beside the columns that every table has. */
function otherObjectives(members: readonly FrontMember[]): string[] {
  return Object.keys(members[0]?.objectives ?? {}).filter((name) => !['error', 'macs', 'params'].includes(name));
}

function columnsOf(members: readonly FrontMember[]): Column[] {
  return [
    { title: 'id', align: 'left' },
    { title: 'error %', align: 'right' },
    { title: 'MACs', align: 'right' },
    { title: 'parameters', align: 'right' },
    ...otherObjectives(members).map((name): Column => ({ title: name, align: 'right' })),
    { title: 'test accuracy %', align: 'right' },
    { title: 'made by', align: 'left' },
  ];
}

/**
 * Aligned columns, one member a line, without a line break at the end; for an empty front a sentence, which says why
 * where the run's record is given.
 */
export function frontTable(members: readonly FrontMember[], record?: Pick<RunRecord, 'individuals'>): string {
  if (members.length > 0) return textTable(columnsOf(members), rowsOf(members));
  return record ? `The front is empty: ${whyNoFront(record)}.` : 'The front is empty.';
}

/** A table of GitHub-flavoured Markdown; an empty front has its heads only. Ends with a line break. */
export function frontMarkdown(members: readonly FrontMember[]): string {
  const columns = columnsOf(members);
  const rule = columns.map(({ align }) => (align === 'left' ? '---' : '---:'));
  const rows = rowsOf(members).map((cells) => cells.map(escapeMarkdown));
  return [columns.map(({ title }) => escapeMarkdown(title)), rule, ...rows]
    .map((row) => `| ${row.join(' | ')} |\n`)
    .join('');
}

/** Unrounded values, shares from 0 to 1, as RFC 4180 has them: a line of heads, then one a member. */
export function frontCsv(members: readonly FrontMember[]): string {
  const others = otherObjectives(members);
  const known = ['validation loss', 'test error', 'test loss', 'operator', 'parents'];
  const heads = ['id', 'error', 'macs', 'params', ...others, ...known];
  const rows = members.map(({ id, objectives, validation, test, operator, parents }) => [
    id,
    objectives.error,
    objectives.macs,
    objectives.params,
    ...others.map((name) => objectives[name]!),
    validation.loss,
    test?.error ?? '',
    test?.loss ?? '',
    operator,
    parents.join(' '),
  ]);
  return [heads, ...rows].map((row) => `${row.map(csvField).join(',')}\r\n`).join('');
}

function rowsOf(members: readonly FrontMember[]): string[][] {
  const others = otherObjectives(members);
  return members.map(({ id, objectives, test, operator }) => [
    id,
    percentNumber(objectives.error),
    compactCount(objectives.macs),
    compactCount(objectives.params),
    ...others.map((name) => compactCount(objectives[name]!)),
    test === null ? '-' : percentNumber(1 - test.error),
    operator,
  ]);
}

/** Names come from users: they must stay within their cell. */
function escapeMarkdown(text: string): string {
  return text.replace(/[\\|`*_<>[\]]/g, '\\$&').replace(/\p{Cc}/gu, ' ');
}

function csvField(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
