import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { requireUnused } from '../../../population/run/run-directory.ts';
import { createFolder, removeUnfinished, writeFileAtomically } from '../../../src/store/files.ts';
import { JournalWriter } from '../../../src/store/journal-file.ts';

const longName = 'x'.repeat(300);
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'neurostitch-files-'));
  writeFileSync(join(folder, 'file'), 'content');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What the operating system refuses must reach users as one of these. */
function refusal(code: string, reason: string, path: string): unknown {
  const message = `Expected a place that can be written to, got ${reason} (at ${path})`;
  return expect.objectContaining({ name: 'NeurostitchError', code, path, message }) as unknown;
}

test('what a killed process left unfinished is removed, and nothing else', () => {
  for (const name of ['file.12-3.tmp', 'notes.tmp']) writeFileSync(join(folder, name), '');
  removeUnfinished(folder);
  expect(readdirSync(folder)).toEqual(['file', 'notes.tmp']);
  expect(() => {
    removeUnfinished(join(folder, 'none'));
  }).not.toThrow();
  const path = join(folder, 'file');
  expect(() => {
    removeUnfinished(path);
  }).toThrow(refusal('bad-argument', 'ENOTDIR: not a directory', path));
});

describe('a file written atomically', () => {
  test('replaces the old one and leaves nothing else behind', async () => {
    const path = join(folder, 'file');
    await writeFileAtomically(path, 'new');
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['file']);
  });

  test.each([
    ['no/such/file', 'ENOENT: no such file or directory'],
    ['file/inside', 'ENOTDIR: not a directory'],
    [longName, 'ENAMETOOLONG: name too long'],
  ])('is refused as %.12s', async (name, reason) => {
    const path = join(folder, name);
    await expect(writeFileAtomically(path, 'new')).rejects.toEqual(refusal('bad-argument', reason, path));
    expect(readdirSync(folder)).toEqual(['file']);
  });

  test('that cannot take the place of a folder leaves nothing behind', async () => {
    mkdirSync(join(folder, 'taken'));
    await expect(writeFileAtomically(join(folder, 'taken'), 'new')).rejects.toMatchObject({ code: 'bad-argument' });
    expect(readdirSync(folder)).toEqual(['file', 'taken']);
  });
});

test('a folder is created with those above it, or refused', () => {
  const deep = join(folder, 'a/b/c');
  createFolder(deep);
  createFolder(deep);
  expect(readdirSync(join(folder, 'a/b'))).toEqual(['c']);
  const path = join(folder, 'file/inside');
  expect(() => {
    createFolder(path);
  }).toThrow(refusal('bad-argument', 'ENOTDIR: not a directory', path));
});

test('a full disk is the fault of the system', () => {
  const journal = new JournalWriter('/dev/full');
  expect(() => {
    journal.append({ n: 1 });
  }).toThrow(refusal('system-failed', 'ENOSPC: no space left on device', '/dev/full'));
});

test.each([NaN, Infinity, -Infinity])('a journal refuses %d, which JSON would make null', (loss) => {
  const path = join(folder, 'journal.jsonl');
  const journal = new JournalWriter(path);
  expect(() => {
    journal.append({ type: 'tested', test: { loss } });
  }).toThrow(`Expected finite numbers in an event, got ${loss} (at loss)`);
  journal.close();
  expect(readFileSync(path, 'utf8')).toBe('');
});

describe('a place for a run', () => {
  test.each(['new', 'no/such/place'])('%s is not in use', (name) => {
    expect(() => {
      requireUnused(join(folder, name));
    }).not.toThrow();
  });

  test.each([
    ['file', 'out-exists', 'Expected a new folder for the run, got a file'],
    ['.', 'out-exists', 'Expected a new or empty folder for the run, got one that is in use'],
    ['link', 'bad-argument', 'got ENOENT: no such file or directory'],
    ['file/inside', 'bad-argument', 'got ENOTDIR: not a directory'],
    [longName, 'bad-argument', 'got ENAMETOOLONG: name too long'],
  ])('%.12s is refused', (name, code, message) => {
    symlinkSync('/no/such/target', join(folder, 'link'));
    const path = join(folder, name);
    expect(() => {
      requireUnused(path);
    }).toThrow(expect.objectContaining({ code, path, message: expect.stringContaining(message) as string }) as Error);
  });
});
