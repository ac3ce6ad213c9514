// An append-only file of JSON lines that survives being cut off at any byte.
import { appendFileSync, closeSync, fsyncSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expected, NeurostitchError } from '../errors.ts';

/** Appends events. Writing is synchronous: an event is either in the file or was never reported. */
export class JournalWriter {
  readonly #file: number;

  /** Opens for appending; creates the file if there is none. */
  constructor(path: string) {
    this.#file = openSync(path, 'a');
  }

  append(event: object): void {
    appendFileSync(this.#file, `${JSON.stringify(event)}\n`);
  }

  /** Waits until everything appended is on the disk. */
  sync(): void {
    fsyncSync(this.#file);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** All events in order. A last line without its end was torn by a crash and is left out. */
export async function readJournal(path: string): Promise<unknown[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new NeurostitchError('not-found', `Expected a journal, got: ${String(cause)}`, { path, cause });
  }
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line, index) => {
      try {
        return JSON.parse(line) as unknown;
      } catch (cause) {
        throw expected('bad-run', 'a JSON event', cause, `${path}:${index + 1}`);
      }
    });
}
