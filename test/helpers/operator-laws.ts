// Which laws run for which operators: the laws take their lists from here, and docs/operators.md says so.
import { net2Wider } from '../../operators/net2wider.ts';
import type { Operator } from '../../operators/operator.ts';
import { operatorNamed, operators } from '../../operators/registry.ts';
import { splitNeurons } from '../../operators/split-neurons.ts';

export const growing = operators.filter(({ cost }) => cost === 'more');

/** What replicated channels share of old gradients and moments has laws of its own. */
export const replicating: readonly Operator[] = [net2Wider, splitNeurons];
export const adding = growing.filter((operator) => !replicating.includes(operator));

/** Splits into equal halves only. */
export const exactSplitting: Operator = {
  ...splitNeurons,
  sites: (network) => splitNeurons.sites(network).filter(({ epsilon }) => epsilon === 0),
};

export const shrinking = operators.filter(({ cost }) => cost === 'less');
export const exactlyShrinking = shrinking.filter(({ preserves }) => preserves !== 'approximate');

/** The operators that, one after the other, undo a growth to the bit. */
export interface InversePair {
  readonly growth: Operator;
  readonly inverse: readonly string[];
}

export const inversePairs: readonly InversePair[] = [
  { growth: operatorNamed('widen-zero-fan-out'), inverse: ['prune-zero-fan-out'] },
  { growth: operatorNamed('widen-pair'), inverse: ['merge-equal-channels', 'prune-zero-fan-out'] },
  { growth: net2Wider, inverse: ['merge-equal-channels'] },
  { growth: exactSplitting, inverse: ['merge-equal-channels'] },
  { growth: operatorNamed('insert-identity-layer'), inverse: ['remove-identity-layer', 'remove-identity-layer'] },
  { growth: operatorNamed('activation-to-acti-switch'), inverse: ['fold-acti-switch'] },
  { growth: operatorNamed('insert-residual-branch'), inverse: ['drop-layer'] },
  { growth: operatorNamed('insert-skip'), inverse: ['drop-layer'] },
];

/** A law, and the operators that it runs for. */
export interface Law {
  /** A word or two. */
  readonly name: string;
  readonly says: string;
  /** In test/laws. */
  readonly files: readonly string[];
  readonly operators: readonly Operator[];
}

const [grows, shrinks, copies, trains] = [
  'operators.test.ts',
  'shrinking-operators.test.ts',
  'operators-replicas.test.ts',
  'operators-training.test.ts',
];
const exact = [...growing, ...exactlyShrinking];
const inTrainMode = exact.filter(({ evalOnly }) => !evalOnly);
const undone = new Set(inversePairs.flatMap(({ growth, inverse }) => [growth.name, ...inverse]));

export const laws: readonly Law[] = [
  {
    name: 'values',
    says: 'every node that is left has its old values in eval mode, at the declared class or within the stated tolerance',
    files: [grows, shrinks],
    operators: exact,
  },
  {
    name: 'train mode',
    says: 'so it has in train mode, and its new running statistics are the old ones',
    files: [grows, shrinks],
    operators: inTrainMode,
  },
  {
    name: 'sequences',
    says: 'so it has after up to twelve operators that grow, and after up to eight of both sorts',
    files: [grows, shrinks],
    operators: exact,
  },
  {
    name: 'inverse',
    says: 'growing and shrinking again, or the other way round, gives back the hash of the parent',
    files: [shrinks],
    operators: operators.filter(({ name }) => undone.has(name)),
  },
  {
    name: 'parent',
    says: 'the parent is left alone to the byte, and what did not change is shared with it',
    files: [grows, shrinks],
    operators,
  },
  {
    name: 'cost',
    says: 'parameters move by the formula, MACs in the declared direction',
    files: [grows, shrinks],
    operators,
  },
  {
    name: 'state',
    says: 'what stays keeps moments and age; new entries start at 0; copies share; what was merged starts anew',
    files: [grows, shrinks, copies],
    operators,
  },
  {
    name: 'alive',
    says: 'no new tensor pair has an all-zero gradient; copies get gradients of different directions',
    files: [grows, shrinks, copies],
    operators,
  },
  {
    name: 'next step',
    says: 'an optimiser step moves what was kept as it would have in the parent; gradients of copies add up to the old one',
    files: [grows, shrinks, copies],
    operators: inTrainMode.concat(splitNeurons),
  },
  {
    name: 'trains',
    says: 'twenty steps take the loss of a grown child as low as that of its parent, and that of a smaller one down',
    files: [trains],
    operators,
  },
  {
    name: 'saved',
    says: 'a child that was saved and loaded is the same to the bit',
    files: [grows, shrinks],
    operators,
  },
  {
    name: 'seed',
    says: 'the same seed and the same site from JSON give the same child',
    files: [grows, shrinks],
    operators,
  },
  {
    name: 'refusals',
    says: 'every offered site is accepted; nonsense is refused with a typed reason, and nothing throws',
    files: [grows, shrinks],
    operators,
  },
  {
    name: 'channels',
    says: 'channels that the site names are those that change, in all laws above',
    files: [copies, shrinks],
    operators: operators.filter(({ namesChannels }) => namesChannels),
  },
];
