// Which laws run for which operators: the laws take their lists from here, and docs/operators.md says so.
import { net2Wider } from '../../operators/net2wider.ts';
import type { Operator } from '../../operators/operator.ts';
import { operators } from '../../operators/registry.ts';
import { splitNeurons } from '../../operators/split-neurons.ts';

export const growing = operators.filter(({ cost }) => cost === 'more');

/** What replicated channels share of old gradients and moments has laws of its own. */
export const replicating: readonly Operator[] = [net2Wider, splitNeurons];
export const adding = growing.filter((operator) => !replicating.includes(operator));

export const shrinking = operators.filter(({ cost }) => cost === 'less');
export const exactlyShrinking = shrinking.filter(({ preserves }) => preserves !== 'approximate');

/** Laws that run for the same operators. */
export interface LawGroup {
  readonly name: string;
  readonly operators: readonly Operator[];
  /** In test/laws. */
  readonly file: string;
  readonly says: string;
}

export const lawGroups: readonly LawGroup[] = [
  {
    name: 'growing',
    operators: growing,
    file: 'operators.test.ts',
    says: `every value is kept at the declared class; the parent and what is shared are left alone; cost by formula; the
same seed and site give the same child; a saved child is the same; offered sites are accepted, nonsense is refused`,
  },
  {
    name: 'adding',
    operators: adding,
    file: 'operators.test.ts',
    says: 'moments and ages are kept; nothing new is dead; the next optimiser step moves old entries as it would have',
  },
  {
    name: 'replicating',
    operators: replicating,
    file: 'operators-replicas.test.ts',
    says: 'gradients and moments of copies add up to the old ones, and copies part ways',
  },
  {
    name: 'training',
    operators: growing,
    file: 'operators-training.test.ts',
    says: 'twenty steps take the loss as low as those of the parent',
  },
  {
    name: 'shrinking',
    operators: shrinking,
    file: 'shrinking-operators.test.ts',
    says: `the parent is left alone; cost by formula; what stays keeps values, moments and age; nothing new is dead; the
same seed and site give the same child; offered sites are accepted, others refused`,
  },
  {
    name: 'exact',
    operators: exactlyShrinking,
    file: 'shrinking-operators.test.ts',
    says: 'every value that is left is kept at the declared class, and the next optimiser step is that of the parent',
  },
];
