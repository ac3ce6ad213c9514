// What a run came to decides the exit code and the figures, not when a signal came or a generation ended.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { carryOut } from '../../../cli/carry-out.ts';
import { figuresLine, summary } from '../../../cli/summary.ts';
import { frontOf, type RunRecord } from '../../../population/index.ts';
import { hypervolumeShare } from '../../../src/pareto/hypervolume.ts';
import { controlOf, syntheticRunRecord } from '../../helpers/run-record.ts';

const folder = mkdtempSync(join(tmpdir(), 'neurostitch-carry-out-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
afterEach(() => {
  process.exitCode = undefined;
  vi.restoreAllMocks();
});

test.each([
  ['generations', undefined],
  ['exhausted', undefined],
  ['interrupted', 130],
] as const)('a signal in a run that ended by %s: exit code %s', async (end, code) => {
  // Whose networks all failed: a report of others would look for their models.
  const record = syntheticRunRecord({ size: 3, failEvery: 1, end });
  let printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  const listeners = process.listenerCount('SIGINT');
  await carryOut({ quiet: true }, (signal) => {
    process.emit('SIGTERM');
    expect(signal.aborted).toBe(true);
    return Promise.resolve({ folder, record, front: frontOf(record) });
  });
  expect(process.exitCode).toBe(code);
  expect(existsSync(join(folder, 'report.html'))).toBe(true);
  expect(printed.includes('neurostitch resume')).toBe(end === 'interrupted');
  expect(printed.includes('no child could be made')).toBe(end === 'exhausted');
  expect(process.listenerCount('SIGINT')).toBe(listeners);
});

test('the hint to resume can be pasted, with what must be given again', async () => {
  const record = syntheticRunRecord({ size: 3, failEvery: 1, end: 'interrupted' });
  const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const place = join(folder, 'my run');
  mkdirSync(place);
  await carryOut({ quiet: true, first: ['a.onnx', "it's.onnx"], config: 'my.config.ts' }, () =>
    Promise.resolve({ folder: place, record, front: [] }),
  );
  const options = String.raw`--config my.config.ts --first a.onnx 'it'\''s.onnx'`;
  expect(written.mock.calls.join('\n')).toContain(`neurostitch resume '${place}' ${options}\n`);
});

test('the hypervolume of a run cut off within a generation is that of the front shown', () => {
  const whole = syntheticRunRecord({ size: 20, end: 'interrupted' });
  const best = { ...whole.individuals[19]!, id: 'latest', values: { error: 0.001, macs: 10 }, macs: 10 };
  const record: RunRecord = { ...whole, individuals: [...whole.individuals, best] };
  const front = frontOf(record);
  expect(front.map(({ id }) => id)).toEqual(['latest']);
  const { hypervolume } = summary({ folder, record, front });
  expect(hypervolume).toBe(hypervolumeShare([[0.001, 10]], [1, whole.generations[0]!.reference.macs!]));
  expect(hypervolume).toBeGreaterThan(whole.generations.at(-1)!.hypervolume);
});

test('a finished run has the hypervolume of its last generation, a run without a front none', () => {
  const record = syntheticRunRecord({ size: 20 });
  const front = frontOf(record);
  expect(summary({ folder, record, front }).hypervolume).toBe(record.generations.at(-1)!.hypervolume);
  expect(summary({ folder, record: syntheticRunRecord({ size: 0, end: null }), front: [] })).toMatchObject({
    hypervolume: 0,
    endedBy: 'unfinished',
  });
});

test('the figures count controls, and a hypervolume comes with what it is a share of', () => {
  const whole = syntheticRunRecord({ size: 20 });
  const record: RunRecord = { ...whole, controls: [controlOf(whole.individuals[19]!, 0.1)] };
  const run = { folder, record, front: frontOf(record) };
  expect(summary(run).evaluations).toBe(21);
  const hypervolume = whole.generations.at(-1)!.hypervolume.toFixed(4);
  const box = 'the box up to validation error 100 %, 1M MACs';
  expect(figuresLine(run)).toBe(`21 evaluations, hypervolume ${hypervolume} of ${box}.`);
  const unbegun = syntheticRunRecord({ size: 0, end: 'interrupted' });
  expect(figuresLine({ folder, record: { ...unbegun, generations: [] }, front: [] })).toBe('0 evaluations.');
});
