// Moves every tensor of a regression near mean zero before an engine sums its squares in float32.
import type { NormalEquations } from '../../src/engine/engine.ts';
import { freshId } from '../../src/network/edit.ts';
import type { Network, NetworkNode } from '../../src/network/network.ts';
import { filled, tensor } from '../../src/network/tensor.ts';
import type { Coefficients } from '../stitch-types/coefficients.ts';
import type { ParentNode } from '../stitch.ts';
import type { NodePair } from './align.ts';

/** What was subtracted from each channel of the features and of the targets. */
export interface Offsets {
  readonly from: Float32Array<ArrayBuffer>;
  readonly to: Float32Array<ArrayBuffer>;
}

/** The two networks with a centred copy of every tensor behind it, and the same regressions between those copies. */
export interface CentredRegressions {
  readonly networks: readonly [Network, Network];
  readonly pairs: readonly NodePair[];
  readonly offsets: readonly Offsets[];
}

/**
 * Centres by the means over a few samples, whose sums are `first`. Without this a feature with a mean of a hundred times
 * its deviation would lose four of float32's seven digits; a rough mean is enough to keep them, and it need not be the
 * exact one because the regression has a bias.
 */
export function centreRegressions(
  networks: readonly [Network, Network],
  pairs: readonly NodePair[],
  first: readonly NormalEquations[],
): CentredRegressions {
  const centred: readonly [NetworkNode[], NetworkNode[]] = [[...networks[0].nodes], [...networks[1].nodes]];
  const copies = [new Map<string, string>(), new Map<string, string>()] as const;
  const copyOf = ({ network, node }: ParentNode, mean: Float32Array<ArrayBuffer>): ParentNode => {
    const known = copies[network].get(node);
    if (known !== undefined) return { network, node: known };
    const taken = new Set(centred[network].map(({ id }) => id));
    const copy = subtraction(freshId(taken, `${node}.centred`), node, mean);
    centred[network].push(copy);
    copies[network].set(node, copy.id);
    return { network, node: copy.id };
  };
  const offsets = first.map(meansOf);
  const moved = pairs.map(({ from, to }, i) => ({
    from: copyOf(from, offsets[i]!.from),
    to: copyOf(to, offsets[i]!.to),
  }));
  return { networks: [{ nodes: centred[0] }, { nodes: centred[1] }], pairs: moved, offsets };
}

/** The coefficients between the tensors themselves, from those between the centred ones. */
export function uncentred({ inputs, outputs, values }: Coefficients, { from, to }: Offsets): Coefficients {
  const moved = Float64Array.from(values);
  for (let k = 0; k < outputs; k++) {
    let bias = values[inputs * outputs + k]! + to[k]!;
    for (let i = 0; i < inputs; i++) bias -= from[i]! * values[i * outputs + k]!;
    moved[inputs * outputs + k] = bias;
  }
  return { inputs, outputs, values: moved };
}

function meansOf({ count, inputs, outputs, xx, xy }: NormalEquations): Offsets {
  return {
    from: Float32Array.from({ length: inputs }, (_, i) => xx[i * (inputs + 1) + inputs]! / count),
    to: Float32Array.from({ length: outputs }, (_, k) => xy[inputs * outputs + k]! / count),
  };
}

/** A batch normalisation that only subtracts: its epsilon vanishes beside a variance of 1. */
function subtraction(id: string, input: string, mean: Float32Array<ArrayBuffer>): NetworkNode {
  const shape = [mean.length];
  const params = {
    gamma: filled(shape, 1),
    beta: filled(shape, 0),
    mean: tensor(shape, mean),
    variance: filled(shape, 1),
  };
  return { id, kind: 'batchNorm', inputs: [input], attributes: { epsilon: 1e-30, momentum: 0.1 }, params };
}
