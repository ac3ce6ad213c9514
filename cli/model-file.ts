// Model files that somebody names on the command line: ONNX, or safetensors with the graph and the optimiser's state.
import { accessSync, constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { expected, NeurostitchError, ofSystem, Words } from '../src/errors.ts';
import { exportOnnx } from '../src/formats/onnx/export-onnx.ts';
import { importOnnx } from '../src/formats/onnx/import-onnx.ts';
import { loadSafetensors, saveSafetensors } from '../src/formats/safetensors.ts';
import { onPath, writeFileAtomically } from '../src/store/files.ts';
import { freshTrainingState, type TrainedNetwork } from '../src/training/training-state.ts';

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

/**
 * Checks where a model will be written before any work is done for it. Throws `bad-argument` for another extension than
 * .onnx and .safetensors, or a folder that is not there or cannot be written to.
 */
export function requireModelPlace(path: string): void {
  formOf(path);
  onPath(path, () => {
    accessSync(dirname(path), constants.W_OK);
  });
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
      : ofSystem(error, path);
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
  const form = forms[extname(path)];
  if (!form) throw expected('bad-argument', `a name that ends in ${Object.keys(forms).join(' or ')}`, path);
  return form;
}
