// Real processes, killed with SIGKILL at random moments: what they leave goes on to the run that nothing cut off.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { RandomStream } from '../../src/random/stream.ts';
import { ensureBuilt, neurostitch, start } from '../helpers/command-line.ts';
import { journalOf, smallSettings } from '../helpers/small-run.ts';

const kills = Number(process.env.NEUROSTITCH_FUZZ_CASES ?? 3);
const folder = mkdtempSync(join(tmpdir(), 'neurostitch-kill-'));
const config = join(folder, 'config.json');
const whole = join(folder, 'whole');
const evolve = (out: string): string[] => ['evolve', '--config', config, '--workers', '2', '--out', out];
/** Milliseconds that the uninterrupted run took from its first word on. */
let duration = 0;

beforeAll(async () => {
  await ensureBuilt();
  writeFileSync(config, JSON.stringify(smallSettings));
  const run = start(evolve(whole));
  await run.said('Loading ');
  const begin = performance.now();
  expect(await run.exited).toBe(0);
  duration = performance.now() - begin;
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Kills a command so long after its first word; false if it has ended before. */
async function killed(args: readonly string[], after: number): Promise<boolean> {
  const { child, exited, said } = start(args);
  // One that finds its run finished says something else.
  await Promise.race([said('Loading '), exited]);
  await setTimeout(after);
  child.kill('SIGKILL');
  const code = await exited;
  expect([0, null]).toContain(code);
  return code === null;
}

/** What there is to do for a run: before anything is in its folder there is nothing to go on with. */
function next(out: string): string[] {
  if (existsSync(join(out, 'config.json'))) return ['resume', out, '--workers', '2'];
  rmSync(out, { recursive: true, force: true });
  return evolve(out);
}

function expectWhole(out: string): void {
  expect(journalOf(out)).toEqual(journalOf(whole));
  expect(readFileSync(join(out, 'front.json'), 'utf8')).toBe(readFileSync(join(whole, 'front.json'), 'utf8'));
  expect(readdirSync(join(out, 'models')).sort()).toEqual(readdirSync(join(whole, 'models')).sort());
  expect(readdirSync(out).filter((name) => name.startsWith('lock'))).toEqual([]);
  expect(readdirSync(join(out, 'blobs')).sort()).toEqual(readdirSync(join(whole, 'blobs')).sort());
}

test(
  `${kills} kills at random moments lose nothing`,
  async () => {
    const rng = RandomStream.fromSeed('kills');
    const cutAt: number[] = [];
    for (let run = 0; cutAt.length < kills; run++) {
      const out = join(folder, `run-${run}`);
      while (cutAt.length < kills && (await killed(next(out), rng.float() * duration))) {
        // What others see of it is in order, too.
        const lines = existsSync(join(out, 'journal.jsonl')) ? journalLength(out) : 0;
        if (lines > 0) {
          expect((await neurostitch(['front', out])).code).toBe(0);
          expect((await neurostitch(['report', out])).code).toBe(0);
        }
        cutAt.push(lines);
      }
      const { code, stderr } = await neurostitch(next(out));
      expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
      expectWhole(out);
    }
    console.log(`killed after ${cutAt.join(', ')} of ${journalLength(whole)} events`);
  },
  60_000 + 20_000 * kills,
);

/** Whole lines of a journal that may end in a torn one. */
function journalLength(out: string): number {
  return readFileSync(join(out, 'journal.jsonl'), 'utf8').split('\n').length - 1;
}

test('while a process writes a run, others may read it but not go on with it', async () => {
  const out = join(folder, 'live');
  const writing = start(evolve(out));
  await writing.said('Training the first population, 1/6');
  const [resume, front, report] = await Promise.all([
    neurostitch(['resume', out]),
    neurostitch(['front', out, '--json']),
    neurostitch(['report', out]),
  ]);
  expect(resume.code).toBe(2);
  expect(resume.stderr).toContain('error: Expected a run that no other process writes, got one that process ');
  expect([front.code, report.code]).toEqual([0, 0]);
  expect(JSON.parse(front.stdout)).not.toEqual([]);
  expect(await writing.exited).toBe(0);
  expectWhole(out);
});
