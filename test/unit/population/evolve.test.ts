// What fails once the run has a folder leaves that folder free for others.
import { readdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { evolve } from '../../../population/evolve.ts';
import { newRunFolder, smallSettings } from '../../helpers/small-run.ts';

vi.mock(import('../../../population/evaluation/worker-pool.ts'), async (original) => ({
  ...(await original()),
  workerPool: () => {
    throw new RangeError('no threads');
  },
}));

const out = newRunFolder();
afterAll(() => {
  rmSync(dirname(out), { recursive: true });
});

test('workers that cannot be started end the run, and its lock is gone', async () => {
  await expect(evolve(smallSettings, { out })).rejects.toThrow('no threads');
  expect(readdirSync(out).sort()).toEqual(['blobs', 'config.json', 'journal.jsonl']);
});
