// neurostitch mutate with channels that a person names, or that a strategy chooses on data.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { mutateCommand } from '../../../cli/mutate-command.ts';
import { agreeingSites, operatorNamed, strategyNamed } from '../../../operators/index.ts';
import { splitData } from '../../../population/evaluation/load-data.ts';
import { parseConfig } from '../../../population/index.ts';
import { loadDataset } from '../../../src/data/dataset.ts';
import { importOnnx } from '../../../src/formats/onnx/import-onnx.ts';
import { saveSafetensors } from '../../../src/formats/safetensors.ts';
import { freshTrainingState } from '../../../src/training/training-state.ts';
import { fourChannels } from '../../helpers/four-channels.ts';
import { dataOf, withParams } from '../../helpers/operator-cases.ts';

const folder = mkdtempSync(join(tmpdir(), 'neurostitch-channels-'));
const model = join(folder, 'model.safetensors');
const out = join(folder, 'child.onnx');
// Behind the relu channel 1 is always 0.
const network = withParams(fourChannels(), { conv2d: { bias: [1, -100, 2, 3] } });
writeFileSync(model, saveSafetensors({ network, state: freshTrainingState }));

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(out, { force: true });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The site and the biases of the child's convolution. */
async function mutated(...args: string[]): Promise<{ site: unknown; bias: readonly number[] }> {
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await mutateCommand().parseAsync([model, '--out', out, '--json', ...args], { from: 'user' });
  const { site } = JSON.parse(written.mock.calls.map(([text]) => text as string).join('')) as { site: unknown };
  return { site, bias: dataOf(importOnnx(readFileSync(out)).network, 'conv2d', 'bias') };
}

test('channels that are named are those that go; how many follows from that', async () => {
  const { site, bias } = await mutated('--op', 'prune-filters', '--site', 'channels=0,2');
  expect(site).toEqual({ node: 'conv2d', amount: 2, channels: [0, 2] });
  expect(bias).toEqual([-100, 3]);
});

test('one channel alone can be named, and be split', async () => {
  const { site, bias } = await mutated('--op', 'split-neurons', '--site', 'channels=3', 'epsilon=0');
  expect(site).toEqual({ node: 'conv2d', amount: 1, epsilon: 0, channels: [3] });
  expect(bias).toEqual([1, -100, 2, 3, 3]);
});

test('a strategy chooses on data, among the sites that agree with what is said', async () => {
  const { site, bias } = await mutated(
    ...['--op', 'prune-filters', '--site', 'amount=1', '--choose', 'deadness', '--data', 'digits'],
  );
  expect(site).toEqual({ node: 'conv2d', amount: 1, channels: [1] });
  expect(bias).toEqual([1, 2, 3]);
});

test('a strategy completes a site as the seed does: the amount can be one that is not offered', async () => {
  const { site, bias } = await mutated(
    ...['--op', 'prune-filters', '--site', 'node=conv2d', 'amount=3', '--choose', 'deadness', '--data', 'digits'],
  );
  expect(site).toMatchObject({ node: 'conv2d', amount: 3 });
  expect(bias).toHaveLength(1);
  vi.restoreAllMocks();
  const grown = await mutated(
    ...['--op', 'widen-zero-fan-out', '--site', 'node=conv2d', 'amount=3'],
    ...['--choose', 'gradient-gain', '--data', 'digits'],
  );
  expect(grown.site).toEqual({ node: 'conv2d', amount: 3 });
});

test('sites that are offered with several amounts are one once the amount is said', () => {
  const widen = operatorNamed('widen-zero-fan-out');
  expect(widen.sites(network).length).toBeGreaterThan(1);
  expect(agreeingSites(widen, network, { amount: 3 })).toEqual([{ node: 'conv2d', amount: 3 }]);
});

test('a strategy sees the training part alone, cut as train cuts it', async () => {
  const score = vi.spyOn(strategyNamed('deadness'), 'score');
  await mutated('--op', 'prune-filters', '--choose', 'deadness', '--data', 'digits', '--seed', '3');
  const { train } = splitData(await loadDataset('digits'), parseConfig({ data: 'digits', seed: 3 })).splits;
  expect(score.mock.calls[0]![3].samples).toEqual(train);
  expect(train.count).toBeLessThan(1797);
});

test.each([
  [['--op', 'fold-batch-norm', '--choose', 'random', '--data', 'digits'], 'a network to which fold-batch-norm applies'],
  [
    ['--op', 'prune-filters', '--choose', 'gradient-gain', '--data', 'digits'],
    'Expected an operator that adds weights',
  ],
  [['--op', 'prune-filters', '--choose', 'deadness'], 'Expected samples to choose the site on, --data, got nothing'],
  [['--op', 'prune-filters', '--choose', 'best', '--data', 'digits'], 'Expected one of random, gradient-gain, '],
  [['--op', 'net2wider', '--choose', 'deadness', '--data', 'digits'], 'Expected an operator whose sites name channels'],
  [['--op', 'net2wider', '--site', 'channels=1'], 'Expected node, amount, with ='],
  [['--op', 'prune-filters', '--site', 'channels=1,x'], 'Expected a number for channels, got "x"'],
  [['--op', 'prune-filters', '--site', 'channels=1,1'], 'Expected 2 different channels from 0 to 3, got '],
  [['--op', 'prune-filters', '--site', 'channels=4'], 'Expected 1 different channels from 0 to 3, got '],
  [['--op', 'prune-filters', '--site', 'channels=1', 'amount=2'], 'Expected 2 different channels from 0 to 3, got '],
])('refuses %j', async (args, message) => {
  await expect(mutated(...args)).rejects.toThrow(message);
});
