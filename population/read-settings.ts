// Reads settings from a file.
import { readFile } from 'node:fs/promises';
import { expected } from '../src/errors.ts';

/** The settings in a JSON file, unchecked. Throws `not-found`, or `bad-config` where it holds no JSON object. */
export async function readSettings(path: string): Promise<object> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw expected('not-found', 'a readable config file', cause, path);
  }
  let value: unknown;
  try {
    // Some editors on Windows put a byte order mark first, which is no JSON.
    value = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw expected('bad-config', 'a config file in JSON', cause, path);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw expected('bad-config', 'a JSON object', value, path);
  }
  return value;
}
