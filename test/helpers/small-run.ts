// A small evolution on the digits, for tests that need a whole run.
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EvolutionSettings } from '../../population/config.ts';

/** Little to train on, and enough to be measured on: a run of one second that need not be good. */
export const smallSettings: EvolutionSettings = {
  data: 'digits',
  seed: 42,
  generations: 2,
  populationSize: 6,
  children: 6,
  split: { validation: 0.1, test: 0.8 },
  training: { firstEpochs: 2, childEpochs: 1, fitSamples: 128 },
};

/** A folder that does not exist yet, inside a new temporary one. */
export function newRunFolder(): string {
  return join(mkdtempSync(join(tmpdir(), 'neurostitch-run-')), 'run');
}

/** The journal's events without their times, and the checks over these. */
export function journalOf(folder: string): object[] {
  return readFileSync(join(folder, 'journal.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const { at, check, ...event } = JSON.parse(line) as { at: number; check: string };
      if (!Number.isFinite(at) || check.length !== 16) throw new Error(`Expected a time and a check, got ${line}`);
      return event;
    });
}
