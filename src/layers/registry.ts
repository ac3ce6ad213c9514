// The one list of layer kinds.
import { NeurostitchError } from '../errors.ts';
import { actiSwitch } from './acti-switch.ts';
import { activation } from './activation.ts';
import { add } from './add.ts';
import { average } from './average.ts';
import { avgPool } from './avg-pool.ts';
import { batchNorm } from './batch-norm.ts';
import { concat } from './concat.ts';
import { conv2d } from './conv2d.ts';
import { dense } from './dense.ts';
import { dropout } from './dropout.ts';
import { flatten } from './flatten.ts';
import { globalAvgPool } from './global-avg-pool.ts';
import { input } from './input.ts';
import type { LayerKind } from './layer-kind.ts';
import { layerNorm } from './layer-norm.ts';
import { maxPool } from './max-pool.ts';
import { reshape } from './reshape.ts';
import { resize } from './resize.ts';
import { scale } from './scale.ts';
import { softmax } from './softmax.ts';

export const layerKinds: readonly LayerKind[] = [
  input,
  dense,
  conv2d,
  batchNorm,
  layerNorm,
  activation,
  actiSwitch,
  maxPool,
  avgPool,
  globalAvgPool,
  flatten,
  reshape,
  dropout,
  add,
  concat,
  average,
  scale,
  resize,
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
