// The settings of an evolution run: checked, with every default stated here.
import { z } from 'zod';
import { NeurostitchError } from '../src/errors.ts';

const share = z.number().min(0).max(0.9);

/** All settings that decide what a run does. Equal settings give equal runs, whatever the number of workers. */
export const evolutionConfigSchema = z.strictObject({
  /** "digits", or a folder of IDX files. */
  data: z.string().min(1).default('digits').describe('data set: "digits" or a folder of IDX files'),
  seed: z.int().default(1).describe('seed of every random draw'),
  generations: z.int().min(0).default(10).describe('generations after the first population'),
  /** Individuals that survive each generation. */
  populationSize: z.int().min(2).default(20).describe('individuals that survive each generation'),
  /** Children tried in each generation. */
  children: z.int().min(1).default(20).describe('children tried in each generation'),
  /** All evaluations of the run together, first population included; Infinity is written as null. */
  maxEvaluations: z.int().min(1).nullable().default(null).describe('total number of evaluations, first ones included'),
  /** Share of children made by stitching two parents; the others are mutations. */
  stitchShare: z.number().min(0).max(1).default(0.4).describe('share of children made by stitching'),
  /** Names of the mutation operators to use; null means all. */
  operators: z.array(z.string()).min(1).nullable().default(null).describe('mutation operators to use'),
  split: z
    .strictObject({
      validation: share.default(0.2).describe('share of the samples for selection'),
      test: share.default(0.2).describe('share of the samples for the final report'),
    })
    .prefault({}),
  training: z
    .strictObject({
      firstEpochs: z.int().min(0).default(12).describe('epochs for each network of the first population'),
      childEpochs: z.int().min(0).default(6).describe('epochs for each child'),
      batchSize: z.int().min(1).default(32).describe('samples in a training step'),
      firstLearningRate: z.number().positive().default(0.004).describe("Adam's peak learning rate at first"),
      childLearningRate: z.number().positive().default(0.002).describe("Adam's peak learning rate for children"),
      /** Samples that the closed-form fit of stitches sees. */
      fitSamples: z.int().min(16).default(1024).describe('training samples for the fit of stitches'),
    })
    .prefault({}),
});

export type EvolutionConfig = z.output<typeof evolutionConfigSchema>;
/** What a user writes: everything has a default. */
export type EvolutionSettings = z.input<typeof evolutionConfigSchema>;

/** Fills in defaults; throws `bad-config`, naming the key, for anything that does not fit. */
export function parseConfig(settings: unknown): EvolutionConfig {
  const parsed = evolutionConfigSchema.safeParse(settings);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue!.path.join('.');
  const got = JSON.stringify(valueAt(settings, issue!.path)) as string | undefined;
  const detail = `${issue!.message.replace(/^Invalid input: /, '')}, got ${got ?? 'nothing'}`;
  const place = path === '' ? 'the config' : `config key "${path}"`;
  throw new NeurostitchError('bad-config', `Bad ${place}: ${detail}`, { path });
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : inner,
    value,
  );
}
