// What is needed to run the same again: settings, data, version, times.
import type { RunRecord } from '../../population/run/run-record.ts';
import { duration, groupedCount, timestamp } from '../number-text.ts';
import { markup, type Content, type Markup } from '../markup.ts';

export function settingsSection(record: RunRecord): Markup {
  const { version, config, dataset } = record.start;
  const about: [string, Content][] = [
    ['Data set', dataset.name],
    [
      'Samples',
      `${groupedCount(dataset.train)} train, ${groupedCount(dataset.validation)} validation, ${groupedCount(dataset.test)} test`,
    ],
    ['Sample', `${dataset.shape.join(' x ')}, ${dataset.classes} classes`],
    ['SHA-256 of the data', markup`<code>${dataset.hash}</code>`],
    ['Version', `neurostitch ${version}`],
    ...times(record),
  ];
  const settings = entriesOf(config).map(([key, value]): [Content, Content] => [markup`<code>${key}</code>`, value]);
  return markup`<section>
<h2>Run</h2>
${pairs(about)}</section>
<section>
<h2>Settings</h2>
${pairs(settings)}</section>`;
}

function times({ start, individuals, generations, end }: RunRecord): [string, string][] {
  const last = Math.max(
    start.at,
    ...[individuals.at(-1), generations.at(-1), end].map((event) => event?.at ?? start.at),
  );
  return [
    ['Started', timestamp(start.at)],
    [end ? 'Ended' : 'Last event', timestamp(last)],
    ['Time between', duration(last - start.at)],
  ];
}

/** Nested settings by dotted keys: `training.batchSize`. */
function entriesOf(settings: object, prefix = ''): [string, string][] {
  return Object.entries(settings).flatMap(([key, value]: [string, unknown]): [string, string][] => {
    const path = prefix + key;
    if (value === null) return [[path, path === 'operators' ? 'all' : 'not limited']];
    if (Array.isArray(value)) return [[path, value.join(', ')]];
    if (typeof value === 'object') return entriesOf(value, `${path}.`);
    return [[path, typeof value === 'string' ? value : JSON.stringify(value)]];
  });
}

function pairs(entries: readonly (readonly [Content, Content])[]): Markup {
  return markup`<dl class="pairs">
${entries.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>
`;
}
