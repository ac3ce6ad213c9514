// The activation layer: one element-wise function without parameters.
import { z } from 'zod';
import { activationFunctions, activationNames, type ActivationName } from './activation-functions.ts';
import { defineLayer } from './layer-kind.ts';

const settings = z.strictObject({ function: z.enum(activationNames) });

export const activation = defineLayer<{ function: ActivationName }, { function: ActivationName }>({
  kind: 'activation',
  arity: { min: 1, max: 1 },
  attributes: settings,
  options: settings,
  params: {},
  create: (options) => ({ attributes: options, params: {} }),
  outputShape: ({ inputs }) => inputs[0]!,
  macs: () => 0,
  range: ({ attributes }, [input]) => activationFunctions[attributes.function].range(input!),
  channels: () => ({ flow: 'tied', perChannel: {} }),
  appliedFunction: ({ attributes }) => attributes.function,

  reference: {
    forward({ layer, inputs }) {
      const phi = activationFunctions[layer.attributes.function];
      return { output: inputs[0]!.map((x) => phi.value(x)) };
    },
    backward({ layer, inputs, output, gradient }) {
      const phi = activationFunctions[layer.attributes.function];
      const [x] = inputs;
      return { inputs: [gradient.map((dy, i) => dy * phi.derivative(x![i]!, output[i]!))], params: {} };
    },
  },

  onnx: {
    forward: ({ graph, layer, inputs }) => ({
      output: activationFunctions[layer.attributes.function].onnxValue(graph, inputs[0]!),
    }),
    gradient({ graph, layer, inputs, output, gradient }) {
      const slope = activationFunctions[layer.attributes.function].onnxDerivative(graph, inputs[0]!, output);
      return { inputs: [graph.op('Mul', [gradient, slope])], params: {} };
    },
  },

  tfjs: ({ tf, layer, inputs }) => ({
    output: activationFunctions[layer.attributes.function].tfjsValue(tf, inputs[0]!),
  }),
});
