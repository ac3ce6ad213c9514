// What is needed to run the same again: settings, data, version, machine, times.
import type { RunRecord } from '../../population/run/run-record.ts';
import type { Compute } from '../../population/run/journal-events.ts';
import { controlComparison } from '../control-comparison.ts';
import { compactCount, counted, duration, groupedCount, percent, timestamp } from '../number-text.ts';
import { markup, type Content, type Markup } from '../markup.ts';

export function settingsSection(record: RunRecord): Markup {
  const { version, machine, config, dataset } = record.start;
  const about: [string, Content][] = [
    ['Data set', dataset.name],
    [
      'Samples',
      `${groupedCount(dataset.train)} train, ${groupedCount(dataset.validation)} validation, ${groupedCount(dataset.test)} test`,
    ],
    ['Sample', `${dataset.shape.join(' x ')}, ${dataset.classes} classes`],
    ['SHA-256 of the data', markup`<code>${dataset.hash}</code>`],
    ['Version', `neurostitch ${version}`],
    ['Node', `${machine.node.replace(/^v/, '')} on ${machine.platform}`],
    [
      'Hardware',
      `${machine.cpu}, ${counted(machine.cores, 'core')}, ${(machine.memory / 2 ** 30).toFixed(1)} GiB of memory`,
    ],
    ...times(record),
    ['Compute', computeText(record.individuals)],
    ...controlEntries(record),
  ];
  const settings = entriesOf(config).map(([key, value]): [Content, Content] => [markup`<code>${key}</code>`, value]);
  return markup`<section id="run">
<h2>Run</h2>
${pairs(about)}</section>
<section id="settings">
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

function computeText(spenders: readonly { readonly spent: Compute }[]): string {
  const sum = (part: keyof Compute): string =>
    compactCount(spenders.reduce((total, { spent }) => total + spent[part], 0));
  return `${sum('samples')} samples trained on, ${sum('trainingMacs')} MACs of training, ${sum('evaluationMacs')} MACs of evaluation`;
}

/** None for a run without controls. */
function controlEntries(record: RunRecord): [string, string][] {
  if (record.controls.length === 0) return [];
  const { compared, better } = controlComparison(record);
  const share = compared === 0 ? '' : ` (${percent(better / compared)})`;
  return [
    [
      'Controls',
      `${groupedCount(better)} of ${groupedCount(compared)} mutated children beat their control${share}, the parent trained as long, in validation error`,
    ],
    ['Compute of controls', computeText(record.controls)],
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
