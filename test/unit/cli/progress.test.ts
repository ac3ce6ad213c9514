import { Writable } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { describe, expect, test, vi } from 'vitest';
import { showProgress, type Progress } from '../../../cli/progress.ts';
import { Standing } from '../../../cli/standing.ts';
import { controlOf, syntheticRunRecord } from '../../helpers/run-record.ts';

const record = syntheticRunRecord({ size: 5 });
const { start, individuals, generations } = record;

/** A progress, and all that it has written. */
function shown(style: 'bar' | 'lines', columns = 120): { progress: Progress; written: () => string } {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const terminal = Object.assign(stream, { isTTY: true, columns, rows: 24 });
  return { progress: showProgress(style, terminal as unknown as WriteStream), written: () => text };
}

test.each(['bar', 'lines'] as const)('%s: every step is shown when it begins', async (style) => {
  const { progress, written } = shown(style);
  const { events } = progress;
  const isBar = style === 'bar';
  // A bar is drawn a few times a second.
  const sees = (wanted: RegExp): Promise<void> => expect.poll(written, { interval: 10 }).toMatch(wanted);
  events.onLoad?.('digits');
  await sees(/Loading digits/);
  events.onStart?.(start);
  await sees(/digits: 1079 samples to train, 359 to select, 359 to test/);
  events.onAsk?.(0);
  events.onEvaluate?.(0, 4);
  await sees(isBar ? /first population .* 0\/4 .*none yet/ : /first population: 4 networks/);
  events.onIndividual?.(individuals[0]!, { index: 1, total: 4 });
  await sees(isBar ? /first population .* 1\/4 .*11\.80 %/ : /1\/4: .* error 11\.80 %/);
  events.onGeneration?.(generations[0]!);
  events.onAsk?.(1);
  await sees(isBar ? /Generation 1 of 8: making children .* 0\/20/ : /Generation 1 of 8: making children\n/);
  events.onEvaluate?.(1, 20);
  await sees(isBar ? /Generation 1 of 8 .* 0\/20/ : /Generation 1 of 8: 20 networks/);
  events.onTest?.(7);
  await sees(/Testing 7 networks/);
  progress.stop();
});

test('a stopped bar leaves the terminal as it was and draws no more', () => {
  const { progress, written } = shown('bar');
  progress.events.onStart?.(start);
  progress.events.onEvaluate?.(0, 4);
  progress.stop();
  const drawn = written();
  // Hidden cursors would stay hidden after a kill. Lines that are not wrapped while drawing are so again.
  expect(drawn).not.toContain('\u001b[?25l');
  expect(drawn.lastIndexOf('\u001b[?7h')).toBeGreaterThan(drawn.lastIndexOf('\u001b[?7l'));
  progress.events.onIndividual?.(individuals[0]!, { index: 1, total: 4 });
  progress.events.onAsk?.(1);
  progress.events.onEvaluate?.(1, 20);
  progress.stop();
  expect(written()).toBe(drawn);
});

test('the bar tells evaluations, front, best, hypervolume and the time left, as far as the terminal is wide', async () => {
  for (const [columns, wanted, left] of [
    [
      120,
      /Generation 1 of 8 \|█{5}░{15}\| 1\/4 {2}evals 5 {2}front \d+ {2}best \S+ % {2}HV 0\.\d{4} {2}ETA \d+:\d\d/,
      '',
    ],
    [80, /Generation 1 of 8 1\/4 {2}evals 5 {2}front \d+ {2}best \S+ % {2}HV 0\.\d{4} {2}ETA \d+:\d\d/, '|'],
    [60, /Generation 1 of 8 1\/4 {2}front \d+ {2}best \S+ % {2}ETA \d+:\d\d/, 'HV'],
    [30, /Generation 1 of 8 \|█░{4}\| 1\/4/, 'best'],
  ] as const) {
    const { progress, written } = shown('bar', columns);
    const { events } = progress;
    events.onStart?.(start);
    events.onIndividual?.(individuals[0]!, { index: 1, total: 1 });
    events.onGeneration?.(generations[0]!);
    events.onAsk?.(1);
    const child = individuals.find(({ generation }) => generation === 1) ?? { ...individuals[0]!, generation: 1 };
    events.onIndividual?.(child, { index: 1, total: 4 });
    await expect.poll(written, { interval: 10 }).toMatch(wanted);
    progress.stop();
    const drawn = written().slice(written().search(wanted));
    if (left !== '') expect(drawn).not.toContain(left);
  }
});

test('the time left follows the pace of this sitting, and ends at the limit of evaluations', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const run = new Standing();
    run.begin({ ...start, config: { ...start.config, generations: 3, children: 10, maxEvaluations: null } });
    const child = { ...individuals[0]!, generation: 1 };
    for (let past = 0; past < 6; past++) run.see({ ...child, generation: 0, evaluation: past + 1 });
    run.see({ ...child, evaluation: 7 });
    run.ask(1);
    expect(run.secondsLeft).toBeUndefined();
    vi.advanceTimersByTime(4000);
    run.see({ ...child, evaluation: 8 });
    // The 9th was a control.
    run.see({ ...child, evaluation: 10 });
    // 27 of 30 children are left, at two seconds each.
    expect(run.secondsLeft).toBeCloseTo(54);
    run.begin({ ...start, config: { ...start.config, generations: 3, children: 10, maxEvaluations: 11 } });
    expect(run.secondsLeft).toBeCloseTo(2);
    // Controls may be the last that a generation evaluates.
    run.close({ ...generations[0]!, evaluations: 11 });
    expect([run.evaluations, run.secondsLeft]).toEqual([11, 0]);
    run.close(generations[0]!);
    expect(run.evaluations).toBe(11);
  } finally {
    vi.useRealTimers();
  }
});

test('the time left is not beyond the limit of seconds, except for the generation under way', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const run = new Standing();
    run.begin({ ...start, config: { ...start.config, generations: 9, children: 10, maxSeconds: 100 } });
    run.see({ ...individuals[0]!, generation: 0, evaluation: 1 });
    vi.advanceTimersByTime(30_000);
    run.ask(1);
    vi.advanceTimersByTime(4000);
    const child = { ...individuals[0]!, generation: 1 };
    run.see({ ...child, evaluation: 2 });
    run.see({ ...child, evaluation: 3 });
    // At two seconds each the 88 others would take longer.
    expect(run.secondsLeft).toBeCloseTo(66);
    vi.advanceTimersByTime(62_000);
    run.see({ ...child, evaluation: 4 });
    // 22 seconds each: seven are left of this generation.
    expect(run.secondsLeft).toBeCloseTo(7 * 22);
  } finally {
    vi.useRealTimers();
  }
});

test('an error that a rung left as an estimate is told as one', () => {
  const { progress, written } = shown('lines');
  progress.events.onStart?.(start);
  const [first] = individuals;
  progress.events.onIndividual?.(first!, { index: 1, total: 4 });
  const validation = { ...first!.validation!, samples: 45 };
  progress.events.onIndividual?.({ ...first!, validation }, { index: 2, total: 4 });
  expect(written()).toMatch(/1\/4: .* error 11\.80 %,.*\n.*2\/4: .* error about 11\.80 %,/);
  progress.stop();
});

describe.each(['bar', 'lines'] as const)('%s: what hypervolumes are shares of is said once', (style) => {
  const scale = 'Hypervolumes are shares of the box up to validation error 100 %, 1M MACs\n';
  const times = (text: string): number => text.split(scale).length - 1;

  test('after the first population, in a line of its own', () => {
    const { progress, written } = shown(style);
    progress.events.onStart?.(start);
    progress.events.onEvaluate?.(0, 4);
    progress.events.onGeneration?.(generations[0]!);
    expect(times(written())).toBe(1);
    expect(written()).toContain(`\n${scale}`);
    progress.events.onGeneration?.({ ...generations[0]!, generation: 1 });
    expect(times(written())).toBe(1);
    progress.stop();
  });

  test('when a run is gone on with, beside the evaluations so far, controls included', () => {
    const { progress, written } = shown(style);
    progress.events.onStart?.(start);
    progress.events.onResume?.({ ...record, controls: [controlOf(individuals[4]!, 0.1)] });
    expect(written()).toContain('Going on after 6 evaluations\n');
    expect(times(written())).toBe(1);
    progress.stop();
  });
});
