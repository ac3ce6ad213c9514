// What a run is given beside its settings: trained models to start from, and the parts of a config module.
import { openRun, type RunParts } from '../population/index.ts';
import { expected, NeurostitchError } from '../src/errors.ts';
import { readConfigFile, type ConfigContents } from './config-file.ts';
import { readNamedModel } from './model-file.ts';

/** The options that bring them. */
export interface PartFlags {
  readonly config?: string;
  readonly first?: readonly string[];
}

/** What `--first` is, for commander. */
export const firstOption = [
  '--first <model...>',
  'start from these .onnx or .safetensors files, by their names; their weights are trained on (training.firstEpochs)',
] as const;

/** Throws what reading the files throws. `--first` wins over the config's own first networks. */
export async function readParts({ config, first }: PartFlags): Promise<ConfigContents> {
  const { settings, parts } = config === undefined ? { settings: {}, parts: {} } : await readConfigFile(config);
  if (first === undefined) return { settings, parts };
  const models = await Promise.all(first.map(readNamedModel));
  return {
    settings,
    parts: { ...parts, first: models.map(({ name, trained }) => ({ name, network: trained.network })) },
  };
}

/** Does `work` on a run; where that lacks a part which the run began with, the error names the options that give it. */
export async function namingOptions<T>(folder: string, parts: RunParts, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof NeurostitchError) || error.code !== 'bad-argument') throw error;
    const wanted: readonly string[] = (await openRun(folder)).record.start.parts ?? [];
    const part = wanted.find((name) => name === error.path && !(name in parts));
    if (part === undefined) throw error;
    const options = part === 'first' ? '--first MODEL... or --config FILE' : '--config FILE';
    throw expected('bad-argument', `${options} with the "${part}" that the run began with`, undefined);
  }
}
