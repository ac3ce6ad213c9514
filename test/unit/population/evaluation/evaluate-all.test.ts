// How candidates reach an executor: how many at once, in which order, and what a rejection does.
import { setImmediate } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { Evolution, type Candidate } from '../../../../population/index.ts';
import { evaluateAll } from '../../../../population/evaluation/evaluate-all.ts';
import type { Executor } from '../../../../population/evaluation/executor.ts';
import { failedJob, type JobDelivery } from '../../../../population/evaluation/job.ts';
import { mlp, shape } from '../../../helpers/bars.ts';

const [one] = new Evolution({}, { shape, classes: 2 }, { first: [{ name: 'mlp', network: mlp() }] }).ask();

/** Told apart by their seeds, which their jobs have, too. */
function candidates(count: number): Candidate[] {
  return Array.from({ length: count }, (_, at) => ({ ...one!, seed: String(at) }));
}

/** An executor that only takes note of jobs; each ends when the test says so. */
class Desk implements Executor {
  readonly parallel: number;
  /** By seed, in the order in which they came in. */
  readonly #jobs = new Map<string, { readonly end: (delivery: JobDelivery) => void; readonly lose: () => void }>();

  constructor(parallel: number) {
    this.parallel = parallel;
  }

  /** Seeds of the jobs so far. */
  get begun(): string[] {
    return [...this.#jobs.keys()];
  }

  run({ seed }: Parameters<Executor['run']>[0]): Promise<JobDelivery> {
    return new Promise((resolve, reject) => {
      this.#jobs.set(seed, {
        end: resolve,
        lose: () => {
          reject(new Error(`lost ${seed}`));
        },
      });
    });
  }

  /** With its seed as the failure. */
  end(seed: string): void {
    this.#jobs.get(seed)!.end(failedJob(seed));
  }

  lose(seed: string): void {
    this.#jobs.get(seed)!.lose();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

describe('jobs', () => {
  test.each([1, 3])('are sent in order, twice as many as %d workers do at once', async (parallel) => {
    const desk = new Desk(parallel);
    const results = evaluateAll(desk, candidates(10));
    const seeds = results.map((_, at) => String(at));
    const over = new Set<string>();
    for (let ended = 0; ended < seeds.length; ended++) {
      await setImmediate();
      expect(desk.begun).toEqual(seeds.slice(0, ended + 2 * parallel));
      // The last that was begun and has not ended, so that they do not end in order.
      const next = desk.begun.findLast((seed) => !over.has(seed))!;
      over.add(next);
      desk.end(next);
    }
    expect(await Promise.all(results)).toEqual(seeds.map((failure) => ({ failure })));
  });

  test('are not made of candidates that have failed already', async () => {
    const desk = new Desk(1);
    const [failed, other] = candidates(2);
    const results = evaluateAll(desk, [{ ...failed!, failure: 'no network' }, other!]);
    expect(await results[0]).toEqual({ failure: 'no network' });
    await setImmediate();
    expect(desk.begun).toEqual(['1']);
    desk.end('1');
    expect(await results[1]).toEqual({ failure: '1' });
  });
});

test('a rejection waits until its candidate is awaited, and holds up no other', async () => {
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  onTestFinished(() => {
    process.off('unhandledRejection', unhandled);
  });
  const desk = new Desk(1);
  const results = evaluateAll(desk, candidates(3));
  await setImmediate();
  desk.lose('1');
  // Node tells of unhandled rejections once all that follows at once from this turn is done.
  await setImmediate();
  expect(unhandled).not.toHaveBeenCalled();
  for (const seed of ['0', '2']) {
    desk.end(seed);
    await setImmediate();
  }
  await expect(results[0]).resolves.toEqual({ failure: '0' });
  await expect(results[1]).rejects.toThrow('lost 1');
  await expect(results[2]).resolves.toEqual({ failure: '2' });
});
