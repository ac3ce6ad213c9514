// The settings of a recombination: checked, with every default stated here.
import { z } from 'zod';
import { expected } from '../src/errors.ts';
import { searchAlgorithms, type SearchAlgorithmName } from '../stitching/index.ts';
import { evolutionConfigSchema, parseConfig, type EvolutionConfig } from './config.ts';

// Where both have a setting, what is allowed is what an evolution allows.
const { data, seed, children, populationSize, rungs, training } = evolutionConfigSchema.shape;
const searches = Object.keys(searchAlgorithms) as [SearchAlgorithmName, ...SearchAlgorithmName[]];

const schema = z.strictObject(
  {
    /** "digits", or a folder of IDX files. */
    data,
    /** Seed of every random draw, and of the split: it is that of an evolution with the same seed. */
    seed,
    /** How children are looked for. */
    search: z.enum(searches, `a search (${searches.join(', ')})`).default('crossings'),
    /** Networks that are evaluated as they are fitted, the two models and their average included. */
    children: children.unwrap().default(100),
    /** How many of the best children have their stitches trained. */
    tune: populationSize.unwrap().default(16),
    /** Whether children are validated by rungs, and no further once they are beaten for certain. */
    rungs: rungs.unwrap().default(true),
    /** Epochs of that training. */
    epochs: training.unwrap().shape.childEpochs.unwrap().default(2),
  },
  'an object with the settings data, seed, search, children, tune, rungs and epochs',
);

/** The settings with every default filled in. */
export type RecombinationConfig = z.output<typeof schema>;
/** What a user writes: everything has a default. */
export type RecombinationSettings = z.input<typeof schema>;

/** Fills in defaults; throws `bad-config`, naming the key, for anything that does not fit. */
export function parseRecombination(given: unknown): RecombinationConfig {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const { message, path } = parsed.error.issues[0]!;
  const [key] = path;
  const got = key === undefined ? given : (given as Record<PropertyKey, unknown>)[key];
  throw expected('bad-config', message, got, key === undefined ? undefined : String(key));
}

/** The settings as those of an evolution, which is what the run's folder tells of. */
export function asEvolution({ data, seed, children, tune, rungs, epochs }: RecombinationConfig): EvolutionConfig {
  const training = { firstEpochs: 0, childEpochs: epochs, fitSamples: 2000 };
  return parseConfig({ data, seed, generations: 2, children, populationSize: tune, stitchShare: 1, rungs, training });
}
