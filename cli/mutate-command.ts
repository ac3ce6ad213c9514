// neurostitch mutate: grows or shrinks one trained model, and shows on data that its output is the same.
import { Command } from 'commander';
import {
  agreeingSites,
  chooseSite,
  compareOutputs,
  mutate,
  operatorNamed,
  operators,
  strategies,
  strategyNamed,
  type Operator,
  type Site,
} from '../operators/index.ts';
import { splitData } from '../population/evaluation/load-data.ts';
import { parseConfig } from '../population/index.ts';
import { loadDataset, type Dataset } from '../src/data/dataset.ts';
import { onnxEngine } from '../src/engine/onnx/onnx-engine.ts';
import { expected, Words } from '../src/errors.ts';
import { costOf } from '../src/network/cost.ts';
import { inputNode, type Network } from '../src/network/network.ts';
import { layersOf } from '../src/network/shapes.ts';
import { sameShape, sizeOf } from '../src/network/tensor.ts';
import { RandomStream } from '../src/random/stream.ts';
import { helpExamples } from './help-examples.ts';
import { readModelFile, requireModelPlace, writeModelFile } from './model-file.ts';
import { choice, wholeNumber } from './option-values.ts';

interface MutateFlags {
  readonly op?: string;
  readonly site?: readonly string[];
  readonly choose?: string;
  readonly out?: string;
  readonly data?: string;
  readonly seed: number;
  readonly list?: true;
  readonly json?: true;
}

/** Without `--data`, as many samples of standard normal values show the difference. */
const randomSamples = 256;

export function mutateCommand(): Command {
  return new Command('mutate')
    .description('Grow or shrink a trained model by one operator, and show that its output is the same.')
    .argument('[model]', 'a model file, .onnx or .safetensors')
    .addOption(
      choice(
        '--op <name>',
        'the operator; see --list',
        operators.map(({ name }) => name),
      ),
    )
    .option('--site <key=value...>', 'where and how much, in whole or in part (default: drawn by the seed)')
    .addOption(
      choice(
        '--choose <strategy>',
        'how the training part of --data, cut by --seed as train does, chooses the site among those that agree with --site',
        strategies.map(({ name }) => name),
      ),
    )
    .option('--out <file>', 'the file, ending in .onnx or .safetensors; an older one is replaced')
    .option('--data <name|folder>', '"digits" or a folder of IDX files to compare on (default: random samples)')
    .option('--seed <n>', 'seed of every random draw', wholeNumber('--seed', -Infinity), 1)
    .option('--list', 'print all operators; of a model those that apply to it; with --op its sites there')
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      helpExamples(
        'mutate --list',
        'mutate a.onnx --op widen-zero-fan-out --list',
        'mutate a.onnx --op widen-zero-fan-out --site node=conv2d amount=4 --data digits --out wider.onnx',
        'mutate a.onnx --op prune-filters --site node=conv2d channels=3,5 --out leaner.onnx',
        'mutate a.onnx --op prune-filters --choose deadness --data digits --out leaner.onnx',
      ),
    )
    .action(run);
}

async function run(model: string | undefined, flags: MutateFlags): Promise<void> {
  const { json, list } = flags;
  const result = list ? await listed(model, flags) : await mutated(model, flags);
  process.stdout.write(json ? `${JSON.stringify(result.data, null, 2)}\n` : result.text);
}

/** What is printed with `--json` and without. */
interface Printed {
  readonly data: object;
  readonly text: string;
}

async function listed(model: string | undefined, { op }: MutateFlags): Promise<Printed> {
  const chosen = op === undefined ? operators : [operatorNamed(op)];
  if (model === undefined) return { data: chosen.map(facts), text: chosen.map(inWords).join('\n') };
  const { network } = await readModelFile(model);
  const fitting = chosen.map((operator) => ({ operator: operator.name, sites: operator.sites(network) }));
  if (op !== undefined) return { data: fitting[0]!.sites, text: fitting[0]!.sites.map(siteLine).join('') };
  const able = fitting.filter(({ sites }) => sites.length > 0);
  return {
    data: able,
    text: able.map(({ operator, sites }) => `${operator.padEnd(28)}${sites.length} sites\n`).join(''),
  };
}

function facts({ name, preserves, evalOnly, cost, summary, formula, conditions, source }: Operator): object {
  return { name, preserves, evalOnly: evalOnly ?? false, cost, summary, formula, conditions, source };
}

function inWords({ name, preserves, evalOnly, cost, summary, formula, conditions, source }: Operator): string {
  const promise = evalOnly ? `${preserves}, in eval mode only` : preserves;
  return [
    `${name} (${promise}; costs ${cost})`,
    summary,
    `formula: ${formula}`,
    `where:   ${conditions}`,
    `source:  ${source}\n`,
  ].join('\n  ');
}

function siteLine(site: Site): string {
  return `${Object.entries(site)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(' ')}\n`;
}

async function mutated(model: string | undefined, flags: MutateFlags): Promise<Printed> {
  const { op, site, out, choose, data, seed } = flags;
  const [from, to] = [given(model, 'a model file'), given(out, 'a file to write, --out')];
  const strategy = choose === undefined ? undefined : strategyNamed(choose);
  if (strategy) given(data, 'samples to choose the site on, --data');
  const operator = operatorNamed(given(op, 'an operator, --op (--list shows them)'));
  requireModelPlace(to);
  const parent = await readModelFile(from);
  const samples = await samplesFor(parent.network, data, seed);
  const rng = RandomStream.fromSeed(seed);
  const named = site ? parseSite(site, operator, operator.sites(parent.network)) : {};
  const wanted =
    strategy && samples.dataset
      ? await chooseSite(strategy, operator, parent, agreeingSites(operator, parent.network, named), {
          engine: onnxEngine(),
          // What the other parts tell must stay unseen by whatever is measured on them.
          samples: splitData(samples.dataset, parseConfig({ data: samples.name, seed })).splits.train,
          rng: rng.fork('choose'),
        })
      : named;
  const made = mutate(parent, operator.name, wanted, rng);
  const pair = [parent.network, made.child.network] as const;
  const difference = await compareOutputs(onnxEngine(), pair, samples.inputs);
  await writeModelFile(to, made.child);
  const [before, after] = pair.map(costOf);
  const { largest, scale, relative } = difference;
  return {
    data: {
      model: to,
      operator: operator.name,
      preserves: operator.preserves,
      site: made.site,
      cost: { before, after },
      difference: { ...difference, samples: samples.count, data: samples.name },
    },
    text: [
      `${operator.name} (${operator.preserves}) at ${siteLine(made.site).trimEnd()}`,
      `Parameters ${before!.params} -> ${after!.params}, multiply-accumulates ${before!.macs} -> ${after!.macs}`,
      `Largest difference of any output: ${largest.toExponential(2)}, that is ${relative.toExponential(2)} of the`,
      `largest output (${scale.toPrecision(4)}), in float32 on ${samples.count} samples of ${samples.name}`,
      `Model: ${to}\n`,
    ].join('\n'),
  };
}

function given(value: string | undefined, wanted: string): string {
  if (value === undefined) throw expected('bad-argument', wanted, value);
  return value;
}

async function samplesFor(
  network: Network,
  data: string | undefined,
  seed: number,
): Promise<{
  readonly name: string;
  readonly count: number;
  readonly inputs: Float32Array;
  /** Where they are of one. */
  readonly dataset?: Dataset;
}> {
  const { output: shape } = layersOf(network).get(inputNode(network).id)!;
  if (data === undefined) {
    const rng = RandomStream.fromSeed(seed).fork('samples');
    const inputs = new Float32Array(randomSamples * sizeOf(shape)).map(() => rng.normal());
    return { name: 'standard normal values', count: randomSamples, inputs };
  }
  const dataset = await loadDataset(data);
  const { name, samples } = dataset;
  if (!sameShape(samples.shape, shape)) {
    throw expected('bad-data', `samples of shape [${shape.join(', ')}]`, samples.shape, data);
  }
  return { name, count: samples.count, inputs: samples.inputs, dataset };
}

/** Reads `key=value` by what the offered sites have under that key: numbers or texts; `channels` is a list of numbers. */
function parseSite(parts: readonly string[], { namesChannels }: Operator, offered: readonly Site[]): Site {
  const keys = [...new Set([...offered.flatMap(Object.keys), ...(namesChannels ? ['channels'] : [])])];
  const entries = parts.map((part): [string, string | number | readonly number[]] => {
    const [, key = '', value = ''] = /^([^=]*)=(.*)$/s.exec(part) ?? [];
    if (offered.length > 0 && !keys.includes(key)) {
      throw expected('bad-argument', `${keys.join(', ')}, with = and a value`, part, '--site');
    }
    if (namesChannels && key === 'channels') return [key, value.split(',').map((each) => numberFor(key, each))];
    return [key, offered.some((site) => typeof site[key] === 'number') ? numberFor(key, value) : value];
  });
  const twice = entries.find(([key], index) => entries.findIndex(([other]) => other === key) !== index);
  if (twice) throw expected('bad-argument', `${twice[0]} once`, new Words('it twice'), '--site');
  return Object.fromEntries(entries);
}

function numberFor(key: string, value: string): number {
  if (value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
  throw expected('bad-argument', `a number for ${key}`, value, '--site');
}
