// The front as a table: of plain text for terminals, of Markdown for a README, as CSV for a spreadsheet.
import type { FrontMember, RunRecord } from '../population/run/run-record.ts';
import { expected } from '../src/errors.ts';
import { whyNoFront } from './empty-front.ts';
import { compactCount, percentNumber } from './number-text.ts';
import { textTable, type Column } from './text-table.ts';

/** What the run compares members by beside the columns that every table has, and in which unit. */
interface OtherObjective {
  readonly name: string;
  readonly unit: string | undefined;
}

function otherObjectives(members: readonly FrontMember[], record?: Pick<RunRecord, 'start'>): OtherObjective[] {
  const units = new Map(record?.start.objectives.map(({ name, unit }) => [name, unit]));
  return Object.keys(members[0]?.objectives ?? {})
    .filter((name) => !['error', 'macs', 'params'].includes(name))
    .map((name) => ({ name, unit: units.get(name) }));
}

function columnsOf(others: readonly OtherObjective[]): Column[] {
  return [
    { title: 'id', align: 'left' },
    { title: 'error %', align: 'right' },
    { title: 'MACs', align: 'right' },
    { title: 'parameters', align: 'right' },
    ...others.map(({ name, unit }): Column => ({ title: unit ? `${name} ${unit}` : name, align: 'right' })),
    { title: 'test accuracy %', align: 'right' },
    { title: 'made by', align: 'left' },
  ];
}

/**
 * Aligned columns, one member a line, without a line break at the end; for an empty front a sentence. With the run's
 * record, other objectives than error, MACs and parameters are in the units that their descriptions name, shares in
 * per cent, and the sentence says why the front is empty. Throws `bad-argument` for what is no list.
 */
export function frontTable(members: readonly FrontMember[], record?: Pick<RunRecord, 'start' | 'individuals'>): string {
  if (!Array.isArray(members)) throw expected('bad-argument', 'the members of a front', members, 'members');
  const others = otherObjectives(members, record);
  if (members.length > 0) return textTable(columnsOf(others), rowsOf(members, others));
  return record ? `The front is empty: ${whyNoFront(record)}.` : 'The front is empty.';
}

/** The same as GitHub-flavoured Markdown; an empty front has its heads only. Ends with a line break. */
export function frontMarkdown(members: readonly FrontMember[], record?: Pick<RunRecord, 'start'>): string {
  const others = otherObjectives(members, record);
  const columns = columnsOf(others);
  const rule = columns.map(({ align }) => (align === 'left' ? '---' : '---:'));
  const rows = rowsOf(members, others).map((cells) => cells.map(escapeMarkdown));
  return [columns.map(({ title }) => escapeMarkdown(title)), rule, ...rows]
    .map((row) => `| ${row.join(' | ')} |\n`)
    .join('');
}

/** Unrounded values, shares from 0 to 1, as RFC 4180 has them: a line of heads, then one a member. */
export function frontCsv(members: readonly FrontMember[]): string {
  const others = otherObjectives(members).map(({ name }) => name);
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

function rowsOf(members: readonly FrontMember[], others: readonly OtherObjective[]): string[][] {
  return members.map(({ id, objectives, test, operator }) => [
    id,
    percentNumber(objectives.error),
    compactCount(objectives.macs),
    compactCount(objectives.params),
    ...others.map(({ name, unit }) => (unit === '%' ? percentNumber : compactCount)(objectives[name]!)),
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
