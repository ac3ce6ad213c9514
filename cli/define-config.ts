// What a config file written in TypeScript or JavaScript exports: settings, and what only code can say.
import type { EvolutionSettings, RunParts } from '../population/index.ts';

/** The settings of a run, all of them with defaults, and the parts that code gives it. */
export interface Config extends EvolutionSettings {
  /** Networks to start from, operators of one's own, and whatever else no JSON file can hold. */
  readonly parts?: RunParts;
}

/**
 * Gives back what it is given, and lets editors and the compiler check it: `export default defineConfig({ ... })` in a
 * `neurostitch.config.ts`, which `neurostitch evolve --config` reads.
 */
export function defineConfig(config: Config): Config {
  return config;
}
