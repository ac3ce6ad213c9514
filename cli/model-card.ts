// A network of a run as a folder in the manner of Hugging Face: a model card, its configuration, and the weights.
import type { OpenedRun } from '../population/index.ts';
import type { IndividualRecord } from '../population/run/journal-events.ts';
import { layerRows, layerTable, lineageText } from '../report/index.ts';
import { percent } from '../report/number-text.ts';
import { expected } from '../src/errors.ts';
import { exportOnnx } from '../src/formats/onnx/export-onnx.ts';
import { saveSafetensors } from '../src/formats/safetensors.ts';
import type { Network } from '../src/network/network.ts';

/** The folder's files by name. Throws `not-found` for an id that is no evaluated individual's. */
export async function modelFolder(run: OpenedRun, id: string): Promise<Record<string, string | Uint8Array>> {
  const trained = await run.model(id);
  const individual = run.record.individuals.find((own) => own.id === id);
  if (!individual) throw expected('not-found', 'the id of an individual', id, run.folder);
  return {
    'README.md': modelCard(run, individual, trained.network),
    'config.json': `${JSON.stringify(modelConfig(run, individual, trained.network), null, 2)}\n`,
    'model.onnx': exportOnnx(trained.network),
    'model.safetensors': saveSafetensors(trained),
  };
}

/** Accuracies, 0..1, by what they were measured on; the test part is kept for the front, and no estimate is one. */
function accuracies({ record }: OpenedRun, { id, validation }: IndividualRecord): [string, number][] {
  const isWhole = validation?.samples === record.start.dataset.validation;
  const measured: [string, number | undefined][] = [
    ['test', record.tests.get(id)?.error],
    ['validation', isWhole ? validation.error : undefined],
  ];
  return measured.flatMap(([part, error]) => (error === undefined ? [] : [[part, 1 - error]]));
}

function modelConfig({ record: { start } }: OpenedRun, { id }: IndividualRecord, network: Network): object {
  return {
    model_type: 'neurostitch',
    neurostitch_version: start.version,
    id,
    input_shape: start.dataset.shape,
    num_labels: start.dataset.classes,
    layers: layerRows(network),
    dataset: start.dataset,
    evolution: start.config,
  };
}

function modelCard(run: OpenedRun, individual: IndividualRecord, network: Network): string {
  const { start } = run.record;
  const { dataset, config, version } = start;
  const scores = accuracies(run, individual);
  const name = `${dataset.name}-${individual.id}`;
  const metrics = scores.map(([part, value]) => ({ type: 'accuracy', name: `Accuracy on ${part} samples`, value }));
  const results = [
    {
      task: { type: 'image-classification' },
      dataset: { name: dataset.name, type: dataset.name },
      metrics,
    },
  ];
  // What JSON writes is YAML, too, whatever is in the names.
  const header = {
    library_name: 'neurostitch',
    pipeline_tag: 'image-classification',
    tags: ['neurostitch', 'onnx', 'neural-architecture-search'],
    'model-index': [{ name, results }],
  };
  return `---
${Object.entries(header)
  .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
  .join('\n')}
---

# ${plain(name)}

A network of ${network.nodes.length} layers, evolved with its weights by neurostitch ${version}.

| measured | value |
| --- | ---: |
${[
  ...scores.map(([part, value]) => [`accuracy on ${part} samples`, percent(value)]),
  ['parameters', String(individual.params)],
  ['multiply-accumulates', String(individual.macs)],
]
  .map(([what, value]) => `| ${what!} | ${value!} |`)
  .join('\n')}

## Files

\`model.onnx\` takes \`input\`, float32 [batch, ${dataset.shape.join(', ')}] with values as in the training data, and gives
\`output\`, [batch, ${dataset.classes}]: logits, one a class. \`model.safetensors\` has the same network with the state of its
optimiser, for \`neurostitch train\`, \`mutate\`, \`stitch\` and \`evolve --first\`. \`config.json\` has its layers and the settings
of the run.

## Architecture

${fenced(layerTable(network))}

## Genealogy

From the first parents on; what stands behind "with" is the other parent of a stitch.

${fenced(lineageText(run.record, individual.id))}

## Data and seed

Trained on ${dataset.train}, selected on ${dataset.validation} and tested on ${dataset.test} samples of ${plain(dataset.name)}
(SHA-256 ${dataset.hash}), seed ${config.seed}. \`config.json\` has all settings of the run.
`;
}

/** Names come from users: neither Markdown nor HTML is to be read in them. */
function plain(text: string): string {
  return text.replace(/[\\|`*_<>[\]#&]/g, '\\$&').replace(/\p{Cc}/gu, ' ');
}

/** A block of plain text, fenced by more backticks than there are in it. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
