// How alike the tensors of two networks are, by linear centred kernel alignment: weights for matching.
import type { Engine, Values } from '../src/engine/engine.ts';
import { expected } from '../src/errors.ts';
import type { Network } from '../src/network/network.ts';
import type { Similarity } from './eligible-pairs.ts';
import { requireSamples, type FitSamples } from './fit/fit-samples.ts';
import { constantShare } from './fit/ridge.ts';

/** A tensor's inner products between samples, centred, and their norm. */
interface Kernel {
  readonly values: Float64Array;
  readonly norm: number;
}

/**
 * The linear CKA of every tensor of `a` with every tensor of `b` on these samples, 0 to 1: 1 where one is a rotation of
 * the other, up to scale; 0 where one does not vary. All values of a tensor count as its features, so that tensors of
 * any two shapes compare. Some 64 samples are enough to match by; few samples flatter all pairs alike.
 *
 * Deterministic. Holds the tensors of all samples at once, and takes O(samples^2) for each of a tensor's values.
 *
 * Throws `bad-argument` for fewer than two samples or data of another length, `evaluation-failed` where a tensor is not
 * finite.
 *
 * Source: Kornblith et al. 2019, "Similarity of Neural Network Representations Revisited", equations 1 and 2.
 */
export async function linearCka(engine: Engine, a: Network, b: Network, samples: FitSamples): Promise<Similarity> {
  requireSamples(a, samples);
  const { count, data } = samples;
  const networks = [a, b];
  const refs = networks.flatMap(({ nodes }, network) => nodes.map(({ id }) => ({ network, node: id })));
  const program = await engine.compile(networks);
  const kernels = [new Map<string, Kernel>(), new Map<string, Kernel>()] as const;
  try {
    const tensors = await program.forward({ size: count, data }, refs);
    refs.forEach(({ network, node }, i) => kernels[network]!.set(node, centredKernel(tensors[i]!, count, node)));
  } finally {
    await program.dispose();
  }
  return (one, other) => alignment(kernels[0].get(one)!, kernels[1].get(other)!);
}

function centredKernel(tensor: Values, count: number, node: string): Kernel {
  const size = tensor.length / count;
  const values = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      let product = 0;
      for (let at = 0; at < size; at++) product += tensor[i * size + at]! * tensor[j * size + at]!;
      values[i * count + j] = values[j * count + i] = product;
    }
  }
  if (!values.every(Number.isFinite)) throw expected('evaluation-failed', 'finite values to compare', NaN, node);
  const means = Float64Array.from({ length: count }, (_, i) =>
    values.subarray(i * count, (i + 1) * count).reduce((sum, value) => sum + value / count, 0),
  );
  const mean = means.reduce((sum, value) => sum + value / count, 0);
  const raw = Math.sqrt(squares(values));
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < count; j++) values[i * count + j]! += mean - means[i]! - means[j]!;
  }
  const norm = Math.sqrt(squares(values));
  // What centring leaves of a constant tensor is rounding.
  return { values, norm: norm > constantShare * raw ? norm : 0 };
}

function alignment(one: Kernel, other: Kernel): number {
  if (one.norm === 0 || other.norm === 0) return 0;
  const product = one.values.reduce((sum, value, at) => sum + value * other.values[at]!, 0);
  // Rounding can take equal tensors past 1, and unlike ones below 0.
  return Math.min(1, Math.max(0, product / one.norm / other.norm));
}

function squares(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value * value, 0);
}
