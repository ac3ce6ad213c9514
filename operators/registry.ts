// The one list of operators.
import { expected } from '../src/errors.ts';
import { activationToActiSwitch } from './activation-to-acti-switch.ts';
import { dropLayer } from './drop-layer.ts';
import { foldActiSwitch } from './fold-acti-switch.ts';
import { foldBatchNorm } from './fold-batch-norm.ts';
import { growKernel } from './grow-kernel.ts';
import { insertConcatBranch } from './insert-concat-branch.ts';
import { insertIdentityLayer } from './insert-identity-layer.ts';
import { insertResidualBranch } from './insert-residual-branch.ts';
import { insertSkip } from './insert-skip.ts';
import { mergeEqualChannels } from './merge-equal-channels.ts';
import { mergeLinearLayers } from './merge-linear-layers.ts';
import { mirrorPairDeepen } from './mirror-pair-deepen.ts';
import { net2Deeper } from './net2deeper.ts';
import { net2Wider } from './net2wider.ts';
import type { Operator } from './operator.ts';
import { pruneFilters } from './prune-filters.ts';
import { pruneZeroFanOut } from './prune-zero-fan-out.ts';
import { removeIdentityLayer } from './remove-identity-layer.ts';
import { separateConvolution } from './separate-convolution.ts';
import { splitNeurons } from './split-neurons.ts';
import { widenPair } from './widen-pair.ts';
import { widenZeroFanOut } from './widen-zero-fan-out.ts';

/** Every operator of the package; a run can be told to use fewer. */
export const operators: readonly Operator[] = [
  insertIdentityLayer,
  widenZeroFanOut,
  widenPair,
  activationToActiSwitch,
  growKernel,
  net2Deeper,
  mirrorPairDeepen,
  insertResidualBranch,
  insertSkip,
  insertConcatBranch,
  net2Wider,
  splitNeurons,
  pruneZeroFanOut,
  removeIdentityLayer,
  foldActiSwitch,
  mergeLinearLayers,
  foldBatchNorm,
  mergeEqualChannels,
  pruneFilters,
  dropLayer,
  separateConvolution,
];

const byName = new Map(operators.map((operator) => [operator.name, operator]));

/** The operator of this name; throws `not-found` for a name that is none. */
export function operatorNamed(name: string): Operator {
  const found = byName.get(name);
  const names = [...byName.keys()];
  if (!found) throw expected('not-found', `an operator (${names.join(', ')})`, name, undefined, names);
  return found;
}
