// Runs that are given models or code, and go on only with the same again.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { evolveCommand } from '../../../cli/evolve-command.ts';
import { writeModelFile } from '../../../cli/model-file.ts';
import { resumeCommand } from '../../../cli/resume-command.ts';
import {
  freshTrainingState,
  NetworkBuilder,
  networkHash,
  openRun,
  RandomStream,
  type Network,
} from '../../../index.ts';

const folder = mkdtempSync(join(tmpdir(), 'neurostitch-parts-'));
const settings = join(folder, 'small.json');
const models = ['a.onnx', 'b.safetensors'].map((name) => join(folder, name));
let networks: Network[];

beforeAll(async () => {
  writeFileSync(settings, '{ "generations": 0, "children": 2, "training": { "firstEpochs": 0, "childEpochs": 0 } }');
  networks = [3, 4].map((units) => {
    const net = new NetworkBuilder([1, 8, 8], RandomStream.fromSeed(units));
    net.layer('flatten');
    net.layer('dense', { units });
    net.layer('dense', { units: 10 });
    return net.build();
  });
  for (const [index, network] of networks.entries())
    await writeModelFile(models[index]!, { network, state: freshTrainingState });
});
beforeEach(() => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const evolve = (...args: string[]): Promise<unknown> =>
  evolveCommand().parseAsync([...args, '--workers', '1', '--quiet'], { from: 'user' });
const resume = (...args: string[]): Promise<unknown> =>
  resumeCommand().parseAsync([...args, '--workers', '1', '--quiet'], { from: 'user' });

test('--first begins with the weights of its files, under their names, and resume asks for them again', async () => {
  const out = join(folder, 'first');
  await evolve('--first', ...models, '--config', settings, '--out', out);
  const run = await openRun(out);
  expect(run.record.individuals.map(({ provenance }) => provenance)).toMatchObject([
    { how: 'first', name: 'a.onnx' },
    { how: 'first', name: 'b.safetensors' },
  ]);
  const begun = await Promise.all(run.record.individuals.map(async ({ id }) => (await run.model(id)).network));
  expect(begun.map(networkHash)).toEqual(networks.map(networkHash));

  const longer = [out, '--generations', '1', '--allow-changes'];
  await expect(resume(...longer)).rejects.toThrow('Expected --first MODEL... or --config FILE with the "first" that');
  await resume(...longer, '--first', ...models);
  expect((await openRun(out)).record.individuals).toHaveLength(4);
}, 30_000);

test('a config module brings operators to a run, and to its resumption', async () => {
  const config = join(folder, 'own.config.ts');
  writeFileSync(
    config,
    `import { defineConfig, widenPair } from 'neurostitch';
    export default defineConfig({
      generations: 1, children: 2, training: { firstEpochs: 0, childEpochs: 0 },
      parts: { operators: [{ ...widenPair, name: 'my-widen' }] },
    });`,
  );
  const out = join(folder, 'operators');
  await evolve('--config', config, '--first', ...models, '--stitch-share', '0', '--out', out);
  const last = async (): Promise<unknown> => (await openRun(out)).record.individuals.at(-1)!.provenance;
  expect(await last()).toMatchObject({ how: 'mutation', operator: 'my-widen' });
  const longer = [out, '--generations', '2', '--allow-changes', '--first', ...models];
  await expect(resume(...longer)).rejects.toThrow('Expected --config FILE with the "operators" that');
  await resume(...longer, '--config', config);
  expect((await openRun(out)).record.individuals).toHaveLength(6);
}, 30_000);
