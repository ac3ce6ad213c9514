// Model files that somebody names on the command line: ONNX, or safetensors with the graph and the optimiser's state.
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
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

/** Throws `bad-argument` unless a model can be written there: see `requirePlace`. */
export function requireModelPlace(path: string): void {
  requirePlace(path, Object.keys(forms));
}

/** Throws `bad-argument` for another extension, `not-found` for no file, and what reading it throws, with the path. */
export async function readModelFile(path: string): Promise<TrainedNetwork> {
  const form = formOf(path);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? expected('not-found', 'a model file', new Words('none'), path)
      : ofSystem(error, path, 'a file that can be read');
  }
  try {
    return form.read(bytes);
  } catch (cause) {
    if (!(cause instanceof NeurostitchError)) throw cause;
    throw new NeurostitchError(cause.code, `${cause.message} (in ${path})`, { path, cause });
  }
}

/** Writes over an older file. Throws `bad-argument` for another extension or a place that cannot be written to. */
export async function writeModelFile(path: string, trained: TrainedNetwork): Promise<void> {
  await writeFileAtomically(path, formOf(path).write(trained));
}

function formOf(path: string): Form {
  requireExtension(path, Object.keys(forms));
  return forms[extname(path)]!;
}
