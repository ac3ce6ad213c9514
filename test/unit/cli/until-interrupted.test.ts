// Signals sent to a real process: the first asks it to end, the second ends it, however quickly it follows.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';

const module = join(import.meta.dirname, '../../../cli/until-interrupted.ts');
const script = `
import { untilInterrupted } from ${JSON.stringify(module)};
const deaf = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
await untilInterrupted(() => console.log('first'), async (signal) => {
  console.log('ready');
  deaf(300);
  await new Promise((resolve) => setTimeout(resolve, 100));
  // Aborted, yet busy: it is still heard.
  await new Promise((resolve) => setTimeout(resolve, process.argv[1]));
  console.log(signal.aborted ? 'aborted' : 'whole');
});
console.log('done');`;

async function signalled(count: number, busy: number): Promise<{ said: string[]; code: number | null; by: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, String(busy)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (part: Buffer) => (text += part.toString()));
  const exited = once(child, 'exit') as Promise<[number | null, string]>;
  await once(child.stdout, 'data');
  for (let sent = 0; sent < count; sent++) {
    child.kill(sent === 0 ? 'SIGTERM' : 'SIGINT');
    await setTimeout(50);
  }
  const [code, by] = await exited;
  return { said: text.trim().split('\n'), code, by };
}

test('one signal lets the work end', async () => {
  expect(await signalled(1, 0)).toEqual({ said: ['ready', 'first', 'aborted', 'done'], code: 0, by: null });
});

test('a second one that comes while the first waits to be heard ends the process, as shells say with 130', async () => {
  expect(await signalled(2, 20_000)).toEqual({ said: ['ready', 'first'], code: null, by: 'SIGINT' });
});
