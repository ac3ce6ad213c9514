// The settings of an evolution run: checked, with every default stated here.
import { z } from 'zod';
import { expected } from '../src/errors.ts';

// The message of every schema says what was expected there; `parseConfig` adds what came, and where.
const numberWhere = (wanted: string, fits: (value: number) => boolean): z.ZodNumber =>
  z.number(wanted).refine(fits, wanted);
const whole = (least: number, most = Infinity): z.ZodNumber =>
  numberWhere(wholeNumberWords(least, most), (value) => Number.isSafeInteger(value) && value >= least && value <= most);
const positive = numberWhere('a number above 0', (value) => value > 0);
const dataName = 'the name of a data set or a folder';
const operatorNames = 'a list of operator names, or null for all';
const settings = 'an object with settings';

/** Children of one generation: all of them are made before the first is trained. */
export const mostChildren = 10_000;

/** All settings that decide what a run does. Equal settings give equal runs, whatever the number of workers. */
export const evolutionConfigSchema = z.strictObject(
  {
    /** "digits", or a folder of IDX files. */
    data: z.string(dataName).min(1, dataName).default('digits'),
    /** Seed of every random draw. */
    seed: numberWhere('a whole number', Number.isSafeInteger).default(1),
    /** Generations after the first population. */
    generations: whole(0).default(10),
    /** Individuals that survive each generation. */
    populationSize: whole(2).default(20),
    /** Children tried in each generation, up to 10,000: all of them are made before the first is trained. */
    children: whole(1, mostChildren).default(20),
    /**
     * All evaluations of the run together, first population included; null means no limit. A generation that it cuts
     * short stays so, also where `resume` raises it.
     */
    maxEvaluations: whole(1).nullable().default(null),
    /** Share of children made by stitching two parents; the others are mutations. */
    stitchShare: numberWhere('a share from 0 to 1', (share) => share >= 0 && share <= 1).default(0.4),
    /** Names of the mutation operators to use; null means all. */
    operators: z
      .array(z.string('the name of an operator'), operatorNames)
      .min(1, operatorNames)
      .nullable()
      .default(null),
    split: z
      .strictObject(
        {
          /** Share of the samples for selection. */
          validation: numberWhere('a share above 0 and below 1', (share) => share > 0 && share < 1).default(0.2),
          /**
           * Share of the samples for the final report. A data set with its own test part (two pairs of IDX files) keeps
           * that one, whatever the share; 0 is for these only.
           */
          test: numberWhere('a share from 0 to below 1', (share) => share >= 0 && share < 1).default(0.2),
        },
        settings,
      )
      .refine((shares) => shares.validation + shares.test < 1, 'shares that together leave samples to train on')
      .prefault({}),
    training: z
      .strictObject(
        {
          /** Epochs for each network of the first population. */
          firstEpochs: whole(0).default(40),
          /** Epochs for each child. */
          childEpochs: whole(0).default(6),
          /** Samples in a training step. */
          batchSize: whole(1).default(32),
          /** Adam's peak learning rate for the first population. */
          firstLearningRate: positive.default(0.004),
          /** Adam's peak learning rate for children. */
          childLearningRate: positive.default(0.002),
          /** Training samples that the closed-form fit of stitches sees. */
          fitSamples: whole(16).default(1024),
        },
        settings,
      )
      .prefault({}),
  },
  settings,
);

/** The settings with every default filled in: what a run writes to config.json. */
export type EvolutionConfig = z.output<typeof evolutionConfigSchema>;
/** What a user writes: everything has a default. */
export type EvolutionSettings = z.input<typeof evolutionConfigSchema>;

/** When a run ends. No other setting can change under way. */
export type Limits = Pick<EvolutionConfig, 'generations' | 'maxEvaluations'>;

/** A whole number with these bounds, in words for errors; either may be infinite. */
export function wholeNumberWords(least: number, most: number): string {
  if (Number.isFinite(most)) return `a whole number from ${least} to ${most}`;
  return Number.isFinite(least) ? `a whole number, ${least} or more` : 'a whole number';
}

/** Fills in defaults; throws `bad-config`, naming the key, for anything that does not fit. */
export function parseConfig(given: unknown): EvolutionConfig {
  const parsed = evolutionConfigSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const place = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(valueAt(evolutionConfigSchema.parse({}), issue.path) as object);
    throw expected('bad-config', `a setting of ${known.join(', ')}`, issue.keys[0], place === '' ? undefined : place);
  }
  throw expected('bad-config', issue.message, valueAt(given, issue.path), place === '' ? undefined : place);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
}
