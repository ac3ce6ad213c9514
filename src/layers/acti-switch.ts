// The ActiSwitch layer: y = l * x + a * phi(x), which lets a layer grow from linear to non-linear by training.
import { z } from 'zod';
import { expected } from '../errors.ts';
import type { Attributes } from '../network/network.ts';
import { filled, sameShape, type Tensor } from '../network/tensor.ts';
import { activationFunctions, activationNames, type ActivationName } from './activation-functions.ts';
import { dotProduct } from './dot-product.ts';
import { defineLayer } from './layer-kind.ts';
import { scaled, sum } from './range.ts';

interface ActiSwitchAttributes extends Attributes {
  readonly function: ActivationName;
}

/**
 * Source: the ActiSwitch layer of ATGEN (A. Boin). Both scalars are trained, unconstrained, one pair a layer;
 * (1, 0) is the identity, (0, 1) is phi.
 */
export const actiSwitch = defineLayer<ActiSwitchAttributes, { function: ActivationName; start: 'linear' | 'active' }>({
  kind: 'actiSwitch',
  arity: { min: 1, max: 1 },
  attributes: z.strictObject({ function: z.enum(activationNames) }),
  options: z.strictObject({ function: z.enum(activationNames), start: z.enum(['linear', 'active']).default('linear') }),
  params: { linear: { trainable: true }, active: { trainable: true, initial: 1 } },
  create: (options) => ({
    attributes: { function: options.function },
    params: actiSwitchParams(options.start),
  }),

  outputShape({ params, inputs }) {
    for (const name of ['linear', 'active'] as const) {
      if (!sameShape(params[name]!.shape, [1])) {
        throw expected('bad-network', `an actiSwitch scalar "${name}" of shape [1]`, params[name]!.shape);
      }
    }
    return inputs[0]!;
  },

  macs: ({ output }) => 2 * output.reduce((product, size) => product * size, 1),
  range: ({ attributes, params }, [input]) =>
    sum([
      scaled(input!, params.linear!.data[0]!),
      scaled(activationFunctions[attributes.function].range(input!), params.active!.data[0]!),
    ]),
  channels: () => ({ flow: 'tied', perChannel: {} }),

  reference: {
    forward({ layer, params, inputs }) {
      const phi = activationFunctions[layer.attributes.function];
      const [l, a] = [params.linear![0]!, params.active![0]!];
      return { output: inputs[0]!.map((x) => l * x + a * phi.value(x)) };
    },
    backward({ layer, params, inputs, gradient }) {
      const phi = activationFunctions[layer.attributes.function];
      const [l, a] = [params.linear![0]!, params.active![0]!];
      const [x] = inputs;
      let dLinear = 0;
      let dActive = 0;
      const dx = gradient.map((dy, i) => {
        const value = phi.value(x![i]!);
        dLinear += dy * x![i]!;
        dActive += dy * value;
        return dy * (l + a * phi.derivative(x![i]!, value));
      });
      return { inputs: [dx], params: { linear: Float64Array.of(dLinear), active: Float64Array.of(dActive) } };
    },
  },

  onnx: {
    forward({ graph, layer, params, inputs }) {
      const value = activationFunctions[layer.attributes.function].onnxValue(graph, inputs[0]!);
      const terms = [graph.op('Mul', [inputs[0]!, params.linear!]), graph.op('Mul', [value, params.active!])];
      return { output: graph.op('Add', terms), saved: { value } };
    },
    gradient({ graph, layer, params, inputs, saved, gradient, wanted }) {
      const [x] = inputs;
      const phi = activationFunctions[layer.attributes.function];
      let dx: string | undefined;
      if (wanted.inputs[0]) {
        const bent = graph.op('Mul', [phi.onnxDerivative(graph, x!, saved.value!), params.active!]);
        dx = graph.op('Mul', [gradient, graph.op('Add', [bent, params.linear!])]);
      }
      if (!wanted.params) return { inputs: [dx], params: {} };
      const [linear, active] = [x!, saved.value!].map((value) => dotProduct(graph, gradient, value));
      return { inputs: [dx], params: { linear: linear!, active: active! } };
    },
  },

  tfjs({ tf, layer, params, inputs }) {
    const value = activationFunctions[layer.attributes.function].tfjsValue(tf, inputs[0]!);
    return { output: tf.add(tf.mul(inputs[0]!, params.linear!), tf.mul(value, params.active!)) };
  },
});

/** The two scalars of a fresh ActiSwitch: (1, 0) passes everything on, (0, 1) is phi alone. */
export function actiSwitchParams(start: 'linear' | 'active'): { linear: Tensor; active: Tensor } {
  return { linear: filled([1], start === 'linear' ? 1 : 0), active: filled([1], start === 'active' ? 1 : 0) };
}
