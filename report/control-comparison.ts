// What mutation itself was good for: children against their controls, parents trained as long without it.
import type { RunRecord } from '../population/run/run-record.ts';

export interface ControlComparison {
  /** Mutated children that have a control, of the same parent and generation, both evaluated. */
  readonly compared: number;
  /** Those of a lower validation error than their control. */
  readonly better: number;
}

export function controlComparison({
  individuals,
  controls,
}: Pick<RunRecord, 'individuals' | 'controls'>): ControlComparison {
  const keyOf = (generation: number, parent: string): string => `${generation} ${parent}`;
  const errors = new Map(
    controls.map(({ generation, provenance, validation }) => [
      keyOf(generation, provenance.parents[0]),
      validation?.error,
    ]),
  );
  const gains = individuals.flatMap(({ generation, provenance, validation }) => {
    if (provenance.how !== 'mutation' || validation === null) return [];
    const control = errors.get(keyOf(generation, provenance.parents[0]));
    return control === undefined ? [] : [control - validation.error];
  });
  return { compared: gains.length, better: gains.filter((gain) => gain > 0).length };
}
