// What the settings name, found among what code gives and what the package has.
import { operators as allOperators, operatorNamed, type Operator } from '../operators/index.ts';
import { requireParts } from './check-parts.ts';
import type { EvolutionConfig } from './config.ts';
import type { EvolutionParts } from './evolution-parts.ts';
import { RunObjectives } from './objectives/run-objectives.ts';
import { checked } from './selection/checked.ts';
import { selectionNamed } from './selection/registry.ts';
import type { Selection } from './selection/selection.ts';

export interface ChosenParts {
  readonly operators: readonly Operator[];
  readonly objectives: RunObjectives;
  readonly selection: Selection;
}

/** Throws `bad-argument` for parts that are none, `not-found` for names that nothing has. */
export function chooseParts(config: EvolutionConfig, parts: EvolutionParts): ChosenParts {
  requireParts(parts);
  const own = parts.operators ?? [];
  const named = config.operators?.map((name) => own.find((operator) => operator.name === name) ?? operatorNamed(name));
  return {
    operators: named ?? parts.operators ?? allOperators,
    objectives: new RunObjectives(config, parts.objectives),
    selection: checked(selectionNamed(config.selection, parts.selections)),
  };
}
