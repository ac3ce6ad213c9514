// Makes of a finished run what a crash would have left.
import { cpSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newRunFolder } from './small-run.ts';

/** The journal's lines, with their ends. */
export function journalLines(folder: string): string[] {
  return readFileSync(join(folder, 'journal.jsonl'), 'utf8').split(/(?<=\n)/);
}

/** A copy of a run whose journal has only its first so many bytes; what is written behind the journal is not there. */
export function cutOff(folder: string, bytes: number): string {
  const copy = newRunFolder();
  for (const name of ['config.json', 'journal.jsonl', 'blobs']) {
    cpSync(join(folder, name), join(copy, name), { recursive: true });
  }
  truncateSync(join(copy, 'journal.jsonl'), bytes);
  return copy;
}

/** Changes one line of the journal. */
export function changeLine(folder: string, line: number, change: (text: string) => string): void {
  const lines = journalLines(folder);
  lines[line - 1] = change(lines[line - 1]!);
  writeFileSync(join(folder, 'journal.jsonl'), lines.join(''));
}
