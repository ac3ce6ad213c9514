// Makes of a finished run what a crash would have left.
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { newRunFolder } from './small-run.ts';

/** The journal's lines, with their ends. */
export function journalLines(folder: string): string[] {
  return readFileSync(join(folder, 'journal.jsonl'), 'utf8').split(/(?<=\n)/);
}

/**
 * A copy of a run whose journal has only its first so many bytes; what is written behind the journal is not there. Blobs
 * are linked, since nothing but `damageBlob` changes them.
 */
export function cutOff(folder: string, bytes: number): string {
  const copy = newRunFolder();
  mkdirSync(join(copy, 'blobs'), { recursive: true });
  for (const name of ['config.json', 'journal.jsonl']) copyFileSync(join(folder, name), join(copy, name));
  for (const name of readdirSync(join(folder, 'blobs'))) {
    linkSync(join(folder, 'blobs', name), join(copy, 'blobs', name));
  }
  truncateSync(join(copy, 'journal.jsonl'), bytes);
  return copy;
}

/** Gives a blob another byte, in this folder only. */
export function damageBlob(folder: string, hash: string): void {
  const path = join(folder, 'blobs', hash);
  const bytes = readFileSync(path);
  rmSync(path);
  writeFileSync(path, Buffer.concat([bytes, Buffer.from(' ')]));
}

/** Changes one line of the journal, and takes all checks away unless they are to be `checked`. */
export function changeLine(
  folder: string,
  line: number,
  change: (text: string) => string,
  { checked = false } = {},
): void {
  const lines = journalLines(folder).map((text) => (checked ? text : text.replace(/,"check":"\w+"/, '')));
  lines[line - 1] = change(lines[line - 1]!);
  writeFileSync(join(folder, 'journal.jsonl'), lines.join(''));
}
