// A supernetwork evaluated by definition: both parents side by side, and a choice behind every matched tensor.
import { layerKind } from '../../src/layers/registry.ts';
import { layersOf } from '../../src/network/shapes.ts';
import { sizeOf, type Shape } from '../../src/network/tensor.ts';
import { RandomStream } from '../../src/random/stream.ts';
import type { FittedStitch } from '../../stitching/fit/fit-stitches.ts';
import type { Genotype } from '../../stitching/genotype.ts';
import type { Coefficients } from '../../stitching/stitch-types/coefficients.ts';
import type { PlainLayer } from '../../stitching/stitch-types/stitch-type.ts';
import type { Supernetwork } from '../../stitching/supernetwork.ts';

/** Coefficients that no two stitches share, in place of fitted ones. */
export function randomFits({ stitches, nodes }: Supernetwork, seed: number): FittedStitch[] {
  return stitches.map(({ id }) => {
    const rng = RandomStream.fromSeed(`stitch ${seed} ${id}`);
    const { weight, bias } = nodes.find((node) => node.id === id)!.params;
    const outputs = bias!.data.length;
    const inputs = weight!.data.length / outputs;
    const values = Float64Array.from({ length: (inputs + 1) * outputs }, () =>
      Math.fround(rng.normal() / Math.sqrt(inputs)),
    );
    return { node: id, coefficients: { inputs, outputs, values }, r2: 0, ridge: 1 };
  });
}

/** The output for a batch, [batch, ...shape]; knows nothing of graphs, pruning or stitch layers. */
export function maskedOutput(
  { parents, stitches }: Supernetwork,
  fits: readonly FittedStitch[],
  { switches, output }: Genotype,
  input: Float64Array,
  batch: number,
): Float64Array {
  const known = new Map<string, Float64Array>();

  const raw = (side: 0 | 1, id: string): Float64Array => {
    const key = `${side} ${id}`;
    const value = known.get(key) ?? compute(side, id);
    known.set(key, value);
    return value;
  };
  const compute = (side: 0 | 1, id: string): Float64Array => {
    const { network } = parents[side];
    const node = network.nodes.find((one) => one.id === id)!;
    if (node.inputs.length === 0) return input;
    const params = Object.entries(node.params).map(([name, { data }]) => [name, Float64Array.from(data)] as const);
    return layerKind(node.kind).reference.forward({
      layer: layersOf(network).get(id)!,
      params: Object.fromEntries(params),
      inputs: node.inputs.map((from) => switched(side, from)),
      batch,
      mode: 'eval',
    }).output;
  };
  const switched = (side: 0 | 1, id: string): Float64Array => {
    const index = stitches.findIndex(({ to }) => to.network === side && to.node === id);
    if (index < 0 || !switches[index]) return raw(side, id);
    const { align, from, to } = stitches[index]!;
    const [read, made] = [from, to].map((one) => layersOf(parents[one.network].network).get(one.node)!.output);
    const aligned = alignedValues(align, raw(from.network, from.node), read!, batch);
    const { coefficients } = fits[index]!;
    return applied(coefficients, aligned, batch, sizeOf(made!) / coefficients.outputs);
  };

  const [a, b] = parents.map(
    ({ network }, side) =>
      () =>
        raw(side as 0 | 1, network.nodes.at(-1)!.id),
  );
  if (output === 'a') return a!();
  if (output === 'b') return b!();
  const other = b!();
  return a!().map((value, at) => (value + other[at]!) / 2);
}

/** What a stitch's coefficients are applied to: the tensor itself, or at the positions of the one it stands in for. */
function alignedValues(layer: PlainLayer | undefined, x: Float64Array, from: Shape, batch: number): Float64Array {
  if (!layer) return x;
  const { attributes, kind } = layer;
  const instance = { attributes, params: {}, inputs: [from] };
  const output = layerKind(kind).outputShape(instance);
  const call = { layer: { ...instance, output }, params: {}, inputs: [x], batch, mode: 'eval' } as const;
  return layerKind(kind).reference.forward(call).output;
}

/** y = x W + b at every position of images [batch, channels, plane] (plane 1 for vectors). */
function applied(
  { inputs, outputs, values }: Coefficients,
  x: Float64Array,
  batch: number,
  plane: number,
): Float64Array {
  const y = new Float64Array(batch * outputs * plane);
  for (let n = 0; n < batch; n++) {
    for (let p = 0; p < plane; p++) {
      for (let k = 0; k < outputs; k++) {
        let total = values[inputs * outputs + k]!;
        for (let i = 0; i < inputs; i++) total += x[(n * inputs + i) * plane + p]! * values[i * outputs + k]!;
        y[(n * outputs + k) * plane + p] = total;
      }
    }
  }
  return y;
}
