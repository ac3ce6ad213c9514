// The one list of layer kinds.
import { NeurostitchError } from '../errors.ts';
import { actiSwitch } from './acti-switch.ts';
import { activation } from './activation.ts';
import { add } from './add.ts';
import { average } from './average.ts';
import { batchNorm } from './batch-norm.ts';
import { conv2d } from './conv2d.ts';
import { dense } from './dense.ts';
import { flatten } from './flatten.ts';
import { globalAvgPool } from './global-avg-pool.ts';
import { input } from './input.ts';
import type { LayerKind } from './layer-kind.ts';
import { maxPool } from './max-pool.ts';
import { softmax } from './softmax.ts';

export const layerKinds: readonly LayerKind[] = [
  input,
  dense,
  conv2d,
  batchNorm,
  activation,
  actiSwitch,
  maxPool,
  globalAvgPool,
  flatten,
  add,
  average,
  softmax,
];

const byName = new Map(layerKinds.map((kind) => [kind.kind, kind]));

/** The declaration of a kind; throws `bad-network` for a name that is none. */
export function layerKind(name: string): LayerKind {
  const found = byName.get(name);
  if (!found) {
    throw new NeurostitchError(
      'bad-network',
      `Expected a layer kind (${[...byName.keys()].join(', ')}), got "${name}"`,
    );
  }
  return found;
}
