// How the coefficients of a regression lie in the parameters of a linear layer, whatever its kind.
import { expected } from '../../src/errors.ts';
import type { LayerInstance } from '../../src/layers/layer-kind.ts';
import { layerKind } from '../../src/layers/registry.ts';
import type { Params } from '../../src/network/network.ts';
import { sizeOf, tensor } from '../../src/network/tensor.ts';
import type { Coefficients } from './coefficients.ts';

/** The channels that a linear layer reads and makes. */
export interface LinearSize {
  readonly inputs: number;
  readonly outputs: number;
  /** Whether the weight is [inputs, outputs], as coefficients are, and not the other way round. */
  readonly inputsFirst: boolean;
}

/** Of a layer that maps all its channels by a weight of one tap and a bias; undefined for any other. */
export function linearSize(kind: string, layer: LayerInstance): LinearSize | undefined {
  const facts = layerKind(kind).channels(layer);
  const { weight, bias } = layer.params;
  if (facts.flow !== 'own' || !weight || !bias) return undefined;
  const [input, output] = [facts.consumer.weight, facts.producer.weight];
  if (input === undefined || output === undefined) return undefined;
  const [inputs, outputs] = [weight.shape[input]!, weight.shape[output]!];
  return inputs * outputs === sizeOf(weight.shape) ? { inputs, outputs, inputsFirst: input < output } : undefined;
}

/**
 * Weight and bias with which the layer computes the regression, in the shapes that it has now, rounded to float32.
 *
 * Throws `bad-argument` for coefficients of another size, and for a layer that cannot hold any.
 */
export function linearParams(kind: string, layer: LayerInstance, { inputs, outputs, values }: Coefficients): Params {
  const size = linearSize(kind, layer);
  if (size?.inputs !== inputs || size.outputs !== outputs) {
    throw expected(
      'bad-argument',
      `a linear layer from ${inputs} to ${outputs} channels`,
      size ? [size.inputs, size.outputs] : kind,
    );
  }
  const weight = new Float32Array(inputs * outputs);
  for (let i = 0; i < inputs; i++) {
    for (let o = 0; o < outputs; o++) {
      weight[size.inputsFirst ? i * outputs + o : o * inputs + i] = values[i * outputs + o]!;
    }
  }
  const bias = Float32Array.from(values.subarray(inputs * outputs));
  return { weight: tensor(layer.params.weight!.shape, weight), bias: tensor([outputs], bias) };
}
