// An append-only file of JSON lines that survives being cut off at any byte, and notices what else was changed.
import { appendFileSync, closeSync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expected, Words } from '../errors.ts';
import { sha256 } from './blob-store.ts';
import { onPath } from './files.ts';

const lineEnd = '\n';

/** The last field of each line: the beginning of the SHA-256 of the line before's check and this line's other fields. */
const checkedLine = /^(.*),"check":"([0-9a-f]{16})"\}$/s;

/** Before the first line, and of a line that has none. */
const noCheck = '';

function checkOf(before: string, text: string): string {
  return sha256(before + text).slice(0, 16);
}

/** Appends events. Writing is synchronous: an event is either in the file or was never reported. */
export class JournalWriter {
  readonly #path: string;
  readonly #file: number;
  /** Of the last line. */
  #check = noCheck;

  /** Opens for appending; creates the file if there is none, and cuts off a last line without its end. */
  constructor(path: string) {
    this.#path = path;
    this.#file = onPath(path, () => openSync(path, 'a+'));
    onPath(path, () => {
      // A device such as /dev/full, unlike a file, has no size and no end.
      if (fstatSync(this.#file).size === 0) return;
      const bytes = readFileSync(path);
      const whole = bytes.lastIndexOf(lineEnd) + 1;
      if (whole < bytes.length) ftruncateSync(this.#file, whole);
      const last = bytes.subarray(0, Math.max(whole - 1, 0)).lastIndexOf(lineEnd) + 1;
      this.#check = checkedLine.exec(bytes.toString('utf8', last, whole - 1))?.[2] ?? noCheck;
    });
  }

  /** An event of at least one field. Throws `bad-argument` for a number that is not finite, which JSON has no text for. */
  append(event: object): void {
    const line = JSON.stringify(event, (key, value: unknown) => {
      if (typeof value === 'number' && !Number.isFinite(value)) {
        throw expected('bad-argument', 'finite numbers in an event', value, key);
      }
      return value;
    });
    const text = line.slice(0, -1);
    const check = checkOf(this.#check, text);
    onPath(this.#path, () => {
      const { size } = fstatSync(this.#file);
      try {
        appendFileSync(this.#file, `${text},"check":"${check}"}${lineEnd}`);
      } catch (error) {
        this.#cutBack(size);
        throw error;
      }
    });
    this.#check = check;
  }

  /** Waits until everything appended is on the disk. */
  sync(): void {
    onPath(this.#path, () => {
      fsyncSync(this.#file);
    });
  }

  close(): void {
    onPath(this.#path, () => {
      closeSync(this.#file);
    });
  }

  /** Takes back what of a line was written before the disk was full, so that nothing can follow a torn line. */
  #cutBack(size: number): void {
    try {
      ftruncateSync(this.#file, size);
    } catch {
      // Whoever opens the file next cuts it off; what went wrong first is what is told.
    }
  }
}

/**
 * All events in order. A last line without its end was torn by a crash and is left out.
 *
 * Throws `not-found` where there is no file, `bad-run`, naming the line, for what is no JSON, and for a line that is not
 * as it was written or does not follow on the one before. Lines without a check, before the first that has one, are of
 * other hands and taken as they are.
 */
export async function readJournal(path: string): Promise<unknown[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw expected('not-found', 'a journal', cause, path);
  }
  // What follows the last line end was torn by a crash; of a file that is whole, it is the empty rest.
  const lines = text.split(lineEnd).slice(0, -1);
  let before = noCheck;
  return lines.map((line, index) => {
    const place = `${path}:${index + 1}`;
    const [, text, check] = checkedLine.exec(line) ?? [];
    const changed = (): Error =>
      expected('bad-run', 'a line as it was written', new Words('one that was changed or moved since'), place);
    if (text === undefined ? before !== noCheck : checkOf(before, text) !== check) throw changed();
    before = check ?? noCheck;
    let event: unknown;
    try {
      event = JSON.parse(text === undefined ? line : `${text}}`);
    } catch (cause) {
      throw expected('bad-run', 'a JSON event', cause, place);
    }
    // A check that does not stand at the end, as it was written, is none.
    if (typeof event === 'object' && event !== null && 'check' in event) throw changed();
    return event;
  });
}
