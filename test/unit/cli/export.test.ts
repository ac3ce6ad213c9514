// neurostitch export: the forms in which a network leaves a run.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { exportCommand } from '../../../cli/export-command.ts';
import { modelFolder } from '../../../cli/model-card.ts';
import { readModelFile } from '../../../cli/model-file.ts';
import { evolve, NetworkBuilder, openRun, RandomStream, type EvolutionRun, type FrontMember } from '../../../index.ts';
import { networkHash } from '../../../src/network/hash.ts';

const folder = mkdtempSync(join(tmpdir(), 'neurostitch-export-'));
/** A name that would be markup, and end a block, if it were let. */
const name = '<b>```\n# evil | `x`';
let run: EvolutionRun;

beforeAll(async () => {
  const net = new NetworkBuilder([1, 8, 8], RandomStream.fromSeed(1));
  net.layer('flatten');
  net.layer('dense', { units: 10 });
  run = await evolve(
    { generations: 0, training: { firstEpochs: 1 } },
    { out: join(folder, 'run'), workers: 1, first: [{ name, network: net.build() }] },
  );
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function exported(...args: string[]): Promise<string> {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await exportCommand().parseAsync([run.folder, ...args], { from: 'user' });
  return written.mock.calls.map(([text]) => text as string).join('');
}

test('as a folder: model card, configuration and the network in two forms', async () => {
  const out = join(folder, 'hf');
  const [{ id, test: tested }] = run.front as readonly [FrontMember];
  expect(await exported(id, '--to', 'hf', '--out', out)).toBe(`Model: ${out}\n`);
  expect(readdirSync(out).sort()).toEqual(['README.md', 'config.json', 'model.onnx', 'model.safetensors']);
  const { network } = await readModelFile(join(out, 'model.safetensors'));
  expect(networkHash((await readModelFile(join(out, 'model.onnx'))).network)).toBe(networkHash(network));
  const config = JSON.parse(readFileSync(join(out, 'config.json'), 'utf8')) as { layers: unknown[] };
  expect(config).toMatchObject({ id, input_shape: [1, 8, 8], num_labels: 10, evolution: run.record.start.config });
  expect(config.layers).toHaveLength(network.nodes.length);

  const [, header, card] = readFileSync(join(out, 'README.md'), 'utf8').split(/^---\n/m) as [string, string, string];
  const fields = Object.fromEntries(
    header
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(':')), JSON.parse(line.slice(line.indexOf(':') + 1)) as unknown]),
  );
  expect(fields).toMatchObject({
    library_name: 'neurostitch',
    'model-index': [{ results: [{ metrics: [{ type: 'accuracy', value: 1 - tested!.error }, { type: 'accuracy' }] }] }],
  });
  expect(card).toContain(`accuracy on test samples | ${(100 * (1 - tested!.error)).toFixed(2)}`);
  // The name of a first network stays in its block.
  expect(card).toContain('## Genealogy');
  expect(card).toContain(`\`\`\`\`\n${name}\n\`\`\`\``);
});

test('a model card has no accuracy that a rung left as an estimate', async () => {
  const opened = await openRun(run.folder);
  const cardOf = async (samples: number): Promise<unknown> => {
    const individuals = opened.record.individuals.map((individual) => ({
      ...individual,
      validation: { ...individual.validation!, samples },
    }));
    const other = { ...opened, record: { ...opened.record, individuals, tests: new Map() } };
    return (await modelFolder(other, run.front[0]!.id))['README.md'];
  };
  expect(await cardOf(opened.record.start.dataset.validation)).toContain('accuracy on validation samples |');
  expect(await cardOf(45)).not.toContain('accuracy');
});

test('what is there is not written over, and what is wrong leaves nothing', async () => {
  const [{ id }] = run.front as readonly [FrontMember];
  mkdirSync(join(folder, 'full/inside'), { recursive: true });
  const attempts: [string[], string][] = [
    [[id, '--to', 'hf', '--out', join(folder, 'full')], 'Expected a new or empty folder'],
    [[id, '--to', 'onnx', '--out', join(folder, 'x.safetensors')], 'Expected a name that ends in .onnx, got'],
    [[id, '--to', 'hg', '--out', join(folder, 'x')], 'did you mean "hf"?'],
    [['nobody', '--to', 'hf', '--out', join(folder, 'x')], 'Expected the id of an evaluated individual'],
  ];
  for (const [args, message] of attempts) await expect(exported(...args)).rejects.toThrow(message);
  expect(readdirSync(join(folder, 'full'))).toEqual(['inside']);
  expect([join(folder, 'x'), join(folder, 'x.safetensors')].filter(existsSync)).toEqual([]);
});
