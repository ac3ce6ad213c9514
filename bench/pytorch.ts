// A PyTorch process that runs the same network, one run at a time, so that the two sides can take turns.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { NetworkName } from './networks.ts';

/** What a benchmark says where PyTorch is missing. */
export const noPytorch = 'not installed (apt-get install python3-torch)';

export class Pytorch {
  readonly version: string;
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  private constructor(
    version: string,
    process: ChildProcessByStdio<Writable, Readable, null>,
    lines: AsyncIterator<string>,
  ) {
    this.version = version;
    this.#process = process;
    this.#lines = lines;
  }

  /** Undefined where PyTorch is not installed. */
  static async start(network: NetworkName, threads: number, batch: number): Promise<Pytorch | undefined> {
    const script = join(import.meta.dirname, 'peers', 'pytorch.py');
    const child = spawn('/usr/bin/python3', [script, network, `${threads}`, `${batch}`], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child.on('error', () => undefined);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const version = await lines.next();
    return version.done ? undefined : new Pytorch(version.value, child, lines);
  }

  /** Milliseconds of one run. */
  async time(work: 'forward' | 'step'): Promise<number> {
    return Number(await this.#ask(work));
  }

  /** Bytes in memory: the most so far, and before the network was built. */
  async memory(): Promise<{ peak: number; atStart: number }> {
    const [peak, atStart] = (await this.#ask('memory')).split(' ').map(Number);
    return { peak: peak!, atStart: atStart! };
  }

  async stop(): Promise<void> {
    this.#process.stdin.end();
    await once(this.#process, 'exit');
  }

  async #ask(order: string): Promise<string> {
    this.#process.stdin.write(`${order}\n`);
    const answer = await this.#lines.next();
    if (answer.done) throw new Error(`PyTorch ended while asked to ${order}`);
    return answer.value;
  }
}
