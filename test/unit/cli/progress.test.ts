import { Writable } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { expect, test } from 'vitest';
import { showProgress, type Progress } from '../../../cli/progress.ts';
import { syntheticRunRecord } from '../../helpers/run-record.ts';

const { start, individuals, generations } = syntheticRunRecord({ size: 5 });

/** A progress, and all that it has written. */
function shown(style: 'bar' | 'lines'): { progress: Progress; written: () => string } {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const terminal = Object.assign(stream, { isTTY: true, columns: 120, rows: 24 });
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
