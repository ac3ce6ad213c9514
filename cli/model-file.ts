// Model files that somebody names on the command line: ONNX, or safetensors with the graph and the optimiser's state.
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { NamedModel } from '../population/index.ts';
import { expected, NeurostitchError, ofSystem, Words } from '../src/errors.ts';
import { exportOnnx } from '../src/formats/onnx/export-onnx.ts';
import { importOnnx } from '../src/formats/onnx/import-onnx.ts';
import { loadSafetensors, saveSafetensors } from '../src/formats/safetensors.ts';
import { writeFileAtomically } from '../src/store/files.ts';
import { freshTrainingState, type TrainedNetwork } from '../src/training/training-state.ts';
import { requireExtension, requirePlace } from './output-file.ts';

interface Form {
  read(bytes: Uint8Array): TrainedNetwork;
  write(trained: TrainedNetwork): Uint8Array;
}

const forms: Readonly<Record<string, Form>> = {
  '.onnx': {
    read: (bytes) => ({ network: importOnnx(bytes).network, state: freshTrainingState }),
    write: ({ network }) => exportOnnx(network),
  },
  '.safetensors': { read: loadSafetensors, write: saveSafetensors },
};

/** The forms by name. */
export const modelForms: readonly string[] = Object.keys(forms).map((extension) => extension.slice(1));

/** Throws `bad-argument` unless a model, of this form or any, can be written there: see `requirePlace`. */
export function requireModelPlace(path: string, form?: string): void {
  requirePlace(path, form === undefined ? Object.keys(forms) : [`.${form}`]);
}

/** Throws `bad-argument` for another extension, `not-found` for no file, and what reading it throws, with the path. */
export async function readModelFile(path: string): Promise<TrainedNetwork> {
  const form = formOf(path);
  const bytes = await readBytes(path);
  return inFile(path, () => form.read(bytes));
}

/** A file's contents. Throws `not-found` for no file, and `bad-argument` for one that cannot be read. */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? expected('not-found', 'a model file', new Words('none'), path)
      : ofSystem(error, path, 'a file that can be read');
  }
}

/** Does `work` on a file's contents; errors name the file. */
export function inFile<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof NeurostitchError)) throw cause;
    throw new NeurostitchError(cause.code, `${cause.message} (in ${path})`, { path, cause });
  }
}

/** The model in a file, under the file's name. Throws what `readModelFile` throws. */
export async function readNamedModel(path: string): Promise<NamedModel> {
  return { name: basename(path), trained: await readModelFile(path) };
}

/** Writes over an older file. Throws `bad-argument` for another extension or a place that cannot be written to. */
export async function writeModelFile(path: string, trained: TrainedNetwork): Promise<void> {
  await writeFileAtomically(path, formOf(path).write(trained));
}

function formOf(path: string): Form {
  requireExtension(path, Object.keys(forms));
  return forms[extname(path)]!;
}
