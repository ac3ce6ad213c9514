// The settings of an evolution run: checked, with every default stated here.
import { z } from 'zod';
import { engineNames } from '../src/engine/auto/engine-names.ts';
import { expected } from '../src/errors.ts';

// The message of every schema says what was expected there; `parseConfig` adds what came, and where. Its description is
// what docs and `init` say of the setting.
const whole = (least: number, most = Infinity): z.ZodNumber => {
  const wanted = wholeNumberWords(least, most);
  return bounded(z.number(wanted).int(wanted), least, most, wanted);
};
const bounded = (number: z.ZodNumber, least: number, most: number, wanted: string): z.ZodNumber => {
  const above = Number.isFinite(least) ? number.min(least, wanted) : number;
  return Number.isFinite(most) ? above.max(most, wanted) : above;
};
const positiveWords = 'a number above 0';
const positive = z.number(positiveWords).positive(positiveWords);
const shareWords = 'a share from 0 to 1';
const dataName = 'the name of a data set or a folder';
const operatorNames = 'a list of operator names, or null for all';
const objectiveNames = 'a list of objectives, each once';
const bound = z.number('a finite number');
const boundsWords = 'bounds { min, max }, one of them or both';
const limit = (what: string, number: z.ZodNumber = whole(1)): z.ZodDefault<z.ZodNullable<z.ZodNumber>> =>
  number.nullable().default(null).describe(`${what}; null means no limit.`);
const settings = 'an object with settings';

/** Children of one generation: all of them are made before the first is trained. */
export const mostChildren = 10_000;

/** All settings that decide what a run does. Equal settings give equal runs, whatever the number of workers. */
export const evolutionConfigSchema = z.strictObject(
  {
    data: z
      .string(dataName)
      .min(1, dataName)
      .default('digits')
      .describe('What to learn: "digits", or a folder of IDX files.'),
    seed: whole(-Infinity).default(1).describe('Seed of every random draw.'),
    generations: whole(0).default(10).describe('Generations after the first population.'),
    populationSize: whole(2).default(20).describe('Individuals that survive each generation.'),
    children: whole(1, mostChildren)
      .default(20)
      .describe('Children tried in each generation, up to 10,000: all of them are made before the first is trained.'),
    maxEvaluations: limit(
      'All evaluations of the run together, first population included. A generation that it cuts short stays so, also where `resume` raises it',
    ),
    maxSamples: limit('Samples trained on, all networks together: no generation begins once so many were'),
    maxMacs: limit('Multiply-accumulates of training and evaluation: no generation begins once so many were done'),
    maxSeconds: limit(
      'Seconds of one sitting: no generation begins after them, and `resume` has as many again. The only limit under which equal settings may give unequal runs',
      positive,
    ),
    patience: limit('Generations in a row without a gain in hypervolume, after which the run stops'),
    objectives: z
      .array(z.string('the name of an objective'), objectiveNames)
      .min(1, objectiveNames)
      .refine((names) => new Set(names).size === names.length, objectiveNames)
      .default(['error', 'macs'])
      .describe('What to optimise: error, loss, macs, params, bytes, latency, or objectives given by code.'),
    constraints: z
      .record(
        z.string(),
        z
          .strictObject({ min: bound.exactOptional(), max: bound.exactOptional() }, boundsWords)
          .refine(({ min, max }) => (min ?? max) !== undefined && (min ?? -Infinity) <= (max ?? Infinity), boundsWords),
        'constraints by objective',
      )
      .default({})
      .describe('Bounds by objective, such as { params: { max: 20000 } }: what breaks one never enters the front.'),
    selection: z
      .string('the name of a selection')
      .default('nsga2')
      .describe('Who has children and who survives: nsga2, lemonade, or a selection given by code.'),
    stitchShare: z
      .number(shareWords)
      .min(0, shareWords)
      .max(1, shareWords)
      .default(0.4)
      .describe('Share of children made by stitching two parents; the others are mutations.'),
    operators: z
      .array(z.string('the name of an operator'), operatorNames)
      .min(1, operatorNames)
      .nullable()
      .default(null)
      .describe('Names of the mutation operators to use; null means all.'),
    operatorChoice: z
      .enum(['credit', 'uniform'], '"credit" or "uniform"')
      .default('credit')
      .describe('Draw operators by what they did for the front lately (credit), or all alike (uniform, an ablation).'),
    weights: z
      .enum(['inherited', 'fresh'], '"inherited" or "fresh"')
      .default('inherited')
      .describe(
        'Children go on from the weights of their parents, or begin with fresh ones (an ablation: they are trained for childEpochs all the same).',
      ),
    control: z
      .boolean('true or false')
      .default(false)
      .describe('Also train each parent of a mutation, unchanged, as long as its children: recorded, never selected.'),
    rungs: z
      .boolean('true or false')
      .default(false)
      .describe(
        'Validate children on the samples that most networks got wrong first, by eighths of all, and stop once a child is dominated for certain. Needs the error as an objective, and nothing else that takes an evaluation, among the constraints neither; else all samples are used.',
      ),
    engine: z
      .enum(engineNames, `an engine (${engineNames.join(', ')})`)
      .default('onnx-cpu')
      .describe('What trains and evaluates, in each worker.'),
    split: z
      .strictObject(
        {
          validation: openShare(false).default(0.2).describe('Share of the samples for selection.'),
          test: openShare(true)
            .default(0.2)
            .describe(
              'Share of the samples for the final report. A data set with its own test part (two pairs of IDX files) keeps that one, whatever the share; 0 is for these only.',
            ),
        },
        settings,
      )
      .refine((shares) => shares.validation + shares.test < 1, 'shares that together leave samples to train on')
      .prefault({})
      .describe('How the samples are divided; the rest is for training.'),
    training: z
      .strictObject(
        {
          firstEpochs: whole(0).default(40).describe('Epochs for each network of the first population.'),
          childEpochs: whole(0).default(6).describe('Epochs for each child.'),
          batchSize: whole(1).default(32).describe('Samples in a training step.'),
          firstLearningRate: positive.default(0.004).describe("Adam's peak learning rate for the first population."),
          childLearningRate: positive.default(0.002).describe("Adam's peak learning rate for children."),
          fitSamples: whole(16).default(1024).describe('Training samples that the closed-form fit of stitches sees.'),
        },
        settings,
      )
      .prefault({})
      .describe('How networks are trained.'),
  },
  settings,
);

function openShare(zeroToo: boolean): z.ZodNumber {
  const wanted = zeroToo ? 'a share from 0 to below 1' : 'a share above 0 and below 1';
  const number = z.number(wanted).lt(1, wanted);
  return zeroToo ? number.min(0, wanted) : number.gt(0, wanted);
}

/** The settings with every default filled in: what a run writes to config.json. */
export type EvolutionConfig = z.output<typeof evolutionConfigSchema>;
/** What a user writes: everything has a default. */
export type EvolutionSettings = z.input<typeof evolutionConfigSchema>;

/** The settings that say when a run ends. No other can change under way. */
export const limitNames = ['generations', 'maxEvaluations', 'maxSamples', 'maxMacs', 'maxSeconds', 'patience'] as const;

/** When a run ends. */
export type Limits = Pick<EvolutionConfig, (typeof limitNames)[number]>;

export function limitsOf(limits: Limits): Limits {
  return Object.fromEntries(limitNames.map((name) => [name, limits[name]])) as unknown as Limits;
}

/** The settings as a JSON Schema, for editors and other programs. */
export function configJsonSchema(): object {
  return z.toJSONSchema(evolutionConfigSchema, { io: 'input' });
}

/** A whole number with these bounds, in words for errors; either may be infinite. */
export function wholeNumberWords(least: number, most: number): string {
  if (Number.isFinite(most)) return `a whole number from ${least} to ${most}`;
  return Number.isFinite(least) ? `a whole number, ${least} or more` : 'a whole number';
}

/** Fills in defaults; throws `bad-config`, naming the key, for anything that does not fit. */
export function parseConfig(given: unknown): EvolutionConfig {
  // Names the schema to editors, and sets nothing.
  const { $schema, ...own } = { ...(given as { readonly $schema?: unknown }) };
  const isObject = typeof given === 'object' && given !== null && !Array.isArray(given);
  const parsed = evolutionConfigSchema.safeParse(isObject && $schema !== undefined ? own : given);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const place = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(valueAt(evolutionConfigSchema.parse({}), issue.path) as object);
    const where = place === '' ? undefined : place;
    throw expected('bad-config', `a setting of ${known.join(', ')}`, issue.keys[0], where, known);
  }
  throw expected('bad-config', issue.message, valueAt(given, issue.path), place === '' ? undefined : place);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value);
}
