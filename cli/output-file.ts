// Checks where a command is to write, before it does any work.
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { dirname, extname } from 'node:path';
import { expected, Words } from '../src/errors.ts';
import { onPath } from '../src/store/files.ts';

/** Throws `bad-argument` for a path with none of these extensions, each with its dot. */
export function requireExtension(path: string, extensions: readonly string[]): void {
  if (!extensions.includes(extname(path)))
    throw expected('bad-argument', `a name that ends in ${extensions.join(' or ')}`, path);
}

/**
 * Throws `bad-argument` for another extension, for a folder in place of a file, and for a folder around it that is not
 * there or cannot be written to.
 */
export function requirePlace(path: string, extensions: readonly string[]): void {
  requireExtension(path, extensions);
  onPath(path, () => {
    accessSync(dirname(path), constants.W_OK);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
      throw expected('bad-argument', 'a file to write', new Words('a folder'), path);
  });
}

/** Throws `out-exists` for a place where something is, unless that is an empty folder. */
export function requireNewFolder(path: string): void {
  onPath(path, () => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat && !(stat.isDirectory() && readdirSync(path).length === 0))
      throw expected('out-exists', 'a new or empty folder', new Words('one that is in use'), path);
  });
}
