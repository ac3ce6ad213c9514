// neurostitch mutate, called in this process: what it writes, prints and refuses.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { mutateCommand } from '../../../cli/mutate-command.ts';
import { compareOutputs, mutate, operators } from '../../../operators/index.ts';
import { referenceEngine } from '../../../src/engine/reference/reference-engine.ts';
import { importOnnx } from '../../../src/formats/onnx/import-onnx.ts';
import { loadSafetensors, saveSafetensors } from '../../../src/formats/safetensors.ts';
import { costOf } from '../../../src/network/cost.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { fourChannels } from '../../helpers/four-channels.ts';
import { randomState } from '../../helpers/random-state.ts';
import { printedBy } from '../../helpers/printed-by.ts';

const folder = mkdtempSync(join(tmpdir(), 'neurostitch-mutate-'));
const model = join(folder, 'model.safetensors');
const out = join(folder, 'child.onnx');
const network = fourChannels();
const parent = { network, state: randomState(network, 1) };
writeFileSync(model, saveSafetensors(parent));

afterEach(() => {
  rmSync(out, { force: true });
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(...args: string[]): Promise<string> {
  return printedBy(mutateCommand(), args);
}

interface Result {
  readonly site: unknown;
  readonly cost: { readonly before: unknown; readonly after: unknown };
  readonly difference: { readonly largest: number; readonly relative: number; readonly samples: number };
}

test('writes the child that the site names, and shows on data that its output is the same', async () => {
  const text = await run(
    ...[model, '--op', 'widen-zero-fan-out', '--site', 'node=conv2d', 'amount=3', '--data', 'digits', '--out', out],
    '--json',
  );
  const { site, cost, difference } = JSON.parse(text) as Result;
  expect(site).toEqual({ node: 'conv2d', amount: 3 });
  expect(difference.samples).toBe(1797);
  expect(difference.relative).toBeLessThan(1e-6);
  const child = importOnnx(readFileSync(out)).network;
  expect(cost).toEqual({ before: costOf(network), after: costOf(child) });
  expect(child.nodes[1]!.params.weight!.shape).toEqual([7, 1, 3, 3]);
});

test('without a site the seed draws one; moments go into safetensors', async () => {
  const file = join(folder, 'child.safetensors');
  const mutated = (seed: string): Promise<string> =>
    run(model, '--op', 'insert-residual-branch', '--seed', seed, '--out', file);
  const text = await mutated('1');
  expect(await mutated('1')).toBe(text);
  expect(await mutated('2')).not.toBe(text);
  expect(text).toMatch(/^insert-residual-branch \(bit\) at node=.*\nParameters 90 -> /);
  expect(text).toContain('on 256 samples of standard normal values');
  expect(loadSafetensors(readFileSync(file)).state.moments.conv2d).toEqual(parent.state.moments.conv2d);
});

test('a child that is not the same shows it', async () => {
  const text = await run(model, '--op', 'prune-filters', '--site', 'amount=2', '--out', out, '--json');
  expect((JSON.parse(text) as Result).difference.relative).toBeGreaterThan(0.01);
});

test('lists the catalogue, what applies to a model, and the sites of an operator there', async () => {
  const list = JSON.parse(await run('--list', '--json')) as Record<string, unknown>[];
  expect(list.map(({ name }) => name)).toEqual(operators.map(({ name }) => name));
  for (const facts of list) {
    expect(Object.values(facts).every((fact) => fact !== undefined && fact !== '')).toBe(true);
    expect(facts).toMatchObject({ conditions: expect.any(String) as string, formula: expect.any(String) as string });
  }
  expect(await run('--list')).toContain('\nfold-batch-norm (real, in eval mode only; costs less)\n');
  const able = await run(model, '--list');
  expect(able).toContain('grow-kernel');
  expect(able).not.toContain('fold-batch-norm');
  expect(await run(model, '--op', 'widen-pair', '--list')).toMatch(/^(node=conv2d pairs=\d\n)+$/);
});

test.each([
  [['--op', 'net2wider', '--out', out], 'bad-argument', 'Expected a model file, got nothing'],
  [[model, '--out', out], 'bad-argument', 'Expected an operator, --op'],
  [[model, '--op', 'net2wider'], 'bad-argument', 'Expected a file to write, --out'],
  [[model, '--op', 'nothing', '--out', out], 'bad-argument', 'Expected one of insert-identity-layer, '],
  [[model, '--op', 'net2wider', '--out', 'child.txt'], 'bad-argument', 'Expected a name that ends in .onnx or'],
  [['no.onnx', '--op', 'net2wider', '--out', out], 'not-found', 'Expected a model file, got none (at no.onnx)'],
  [[model, '--op', 'net2wider', '--site', 'where=x', '--out', out], 'bad-argument', 'Expected node, amount, with ='],
  [
    [model, '--op', 'net2wider', '--site', 'node=x', '--out', out],
    'bad-argument',
    'Expected the id of a node, got "x"',
  ],
  [[model, '--op', 'net2wider', '--site', 'node=conv2d', 'amount=0', '--out', out], 'bad-argument', 'an amount of 1'],
  [[model, '--op', 'fold-batch-norm', '--out', out], 'bad-argument', 'to which fold-batch-norm applies'],
  [[model, '--op', 'net2wider', '--data', 'nowhere', '--out', out], 'not-found', 'Expected a data set'],
])('refuses %j', async (args, code, message) => {
  const attempt = run(...args);
  await expect(attempt).rejects.toMatchObject({ code });
  await expect(attempt).rejects.toThrow(message);
  expect(existsSync(out)).toBe(false);
});

test('a child has no place in the training of its parent', () => {
  const position = {} as NonNullable<typeof parent.state.position>;
  const midway = { network, state: { ...parent.state, position } };
  const { child } = mutate(midway, 'insert-skip', {}, RandomStream.fromSeed(1));
  expect(child.state).toEqual(parent.state);
});

test('outputs are compared over all samples; what one side alone has is infinitely far', async () => {
  const inputs = new Float32Array(300 * 64).map((_, i) => Math.sin(i));
  const scaled = mutate(parent, 'prune-filters', { amount: 2 }, RandomStream.fromSeed(1)).child.network;
  const all = await compareOutputs(referenceEngine, [network, scaled], inputs);
  const last = await compareOutputs(referenceEngine, [network, scaled], inputs.subarray(256 * 64));
  expect(all.largest).toBeGreaterThanOrEqual(last.largest);
  expect(all.relative).toBe(all.largest / all.scale);
  expect((await compareOutputs(referenceEngine, [network, network], inputs)).largest).toBe(0);
  const head = network.nodes.at(-1)!;
  const bias = { shape: [10], data: new Float32Array(10).fill(NaN) };
  const broken = { nodes: [...network.nodes.slice(0, -1), { ...head, params: { ...head.params, bias } }] };
  expect((await compareOutputs(referenceEngine, [network, broken], inputs)).largest).toBe(Infinity);
  await expect(compareOutputs(referenceEngine, [network, network], inputs.subarray(1))).rejects.toThrow('64 values');
});

test('a site in part is completed: by the seed where it is offered, and around numbers that are not', async () => {
  const all = await run(model, '--op', 'widen-zero-fan-out', '--site', 'amount=5', '--out', out, '--json');
  expect((JSON.parse(all) as Result).site).toEqual({ node: 'conv2d', amount: 5 });
});

test.each([
  [['amount='], 'Expected a number for amount, got ""'],
  [['amount=abc'], 'Expected a number for amount, got "abc"'],
  [['amount=1', 'amount=2'], 'Expected amount once'],
  [['amount=-3'], 'got -3'],
])('refuses the site %j', async (site, message) => {
  await expect(run(model, '--op', 'widen-zero-fan-out', '--out', out, '--site', ...site)).rejects.toThrow(message);
  expect(existsSync(out)).toBe(false);
});

test('outputs that are not finite cannot be compared, and nothing is written', async () => {
  const inputs = new Float32Array(64).fill(NaN);
  const pair = [network, network] as const;
  await expect(compareOutputs(referenceEngine, pair, inputs)).rejects.toMatchObject({ code: 'evaluation-failed' });
  const other = new NetworkBuilder([1, 8, 8], RandomStream.fromSeed(1));
  other.layer('flatten');
  other.layer('dense', { units: 3 });
  await expect(compareOutputs(referenceEngine, [network, other.build()], new Float32Array(64))).rejects.toThrow(
    'Expected outputs of shape [10]',
  );
});
