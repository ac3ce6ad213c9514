// Max pooling over windows of an image; padding never wins.
import { z } from 'zod';
import {
  explicitPads,
  forEachTap,
  paddingOption,
  padsSchema,
  pairSchema,
  requireImage,
  sizeOption,
  windowOutput,
  type Pads,
  type Pair,
  type Window,
} from './convolution-geometry.ts';
import { defineLayer, type LayerInstance, type ReferenceCall } from './layer-kind.ts';

const attributes = z.strictObject({ kernel: pairSchema, stride: pairSchema, pads: padsSchema });
type MaxPoolAttributes = z.infer<typeof attributes>;

const options = z.strictObject({
  kernel: sizeOption.default([2, 2]),
  stride: sizeOption.optional(),
  padding: paddingOption.default('valid'),
});

export const maxPool = defineLayer<MaxPoolAttributes, z.output<typeof options>>({
  kind: 'maxPool',
  arity: { min: 1, max: 1 },
  attributes,
  options,
  params: {},
  create({ kernel, stride = kernel, padding }, [image]) {
    requireImage(image!, 'maxPool');
    const pads = explicitPads(padding, image!, { kernel, stride, dilation: [1, 1] });
    return { attributes: { kernel, stride, pads }, params: {} };
  },
  outputShape({ attributes, inputs }) {
    requireImage(inputs[0]!, 'maxPool');
    return [inputs[0]![0]!, ...windowOutput(inputs[0]!, poolWindow(attributes))];
  },
  macs: () => 0,
  range: (_, [input]) => input!,
  channels: () => ({ flow: 'tied', perChannel: {} }),

  reference: {
    forward: (call) => ({ output: winners(call).map((at) => (at < 0 ? -Infinity : call.inputs[0]![at]!)) }),
    backward(call) {
      const dx = new Float64Array(call.inputs[0]!.length);
      winners(call).forEach((at, i) => {
        if (at >= 0) dx[at]! += call.gradient[i]!;
      });
      return { inputs: [dx], params: {} };
    },
  },

  onnx: {
    forward({ graph, layer, inputs }) {
      const { kernel, stride, pads } = layer.attributes;
      const settings = { kernel_shape: kernel, strides: stride, pads };
      const [output, indices] = graph.ops('MaxPool', inputs, settings, 2);
      return { output: output!, saved: { indices: indices! } };
    },
    gradient({ graph, layer, batch, saved, gradient }) {
      const { kernel, stride, pads } = layer.attributes;
      const shape = [batch, ...layer.inputs[0]!];
      // MaxUnpool overwrites, so windows must not overlap; onnxruntime's also refuses padded ones.
      if (stride[0] >= kernel[0] && stride[1] >= kernel[1] && pads.every((pad) => pad === 0)) {
        const operands = [gradient, saved.indices!, graph.integers(shape)];
        return { inputs: [graph.op('MaxUnpool', operands, { kernel_shape: kernel, strides: stride })], params: {} };
      }
      // An input that wins in several windows gets all their gradients.
      const flat = (value: string): string => graph.reshape(value, [-1]);
      const total = shape.reduce((product, size) => product * size, 1);
      const zeros = graph.op('Expand', [graph.scalar(0), graph.integers([total])]);
      const operands = [zeros, flat(saved.indices!), flat(gradient)];
      const spread = graph.op('ScatterElements', operands, { axis: 0, reduction: 'add' });
      return { inputs: [graph.reshape(spread, shape)], params: {} };
    },
  },
});

function poolWindow({ kernel, stride, pads }: { kernel: Pair; stride: Pair; pads: Pads }): Window {
  return { kernel, stride, dilation: [1, 1], pads };
}

/** For each output the index of the input that won, the first of equals; -1 where a window saw only padding. */
function winners({ layer, inputs, batch }: ReferenceCall<MaxPoolAttributes>): Float64Array {
  const { inPlane, outPlane } = planes(layer);
  const [x] = inputs;
  const best = new Float64Array(batch * layer.output[0]! * outPlane).fill(-1);
  for (let plane = 0; plane < batch * layer.output[0]!; plane++) {
    forEachTap(layer.inputs[0]!, poolWindow(layer.attributes), (out, at) => {
      const to = plane * outPlane + out;
      const from = plane * inPlane + at;
      if (best[to]! < 0 || x![from]! > x![best[to]!]!) best[to] = from;
    });
  }
  return best;
}

function planes({ inputs, output }: LayerInstance<MaxPoolAttributes>): { inPlane: number; outPlane: number } {
  return { inPlane: inputs[0]![1]! * inputs[0]![2]!, outPlane: output[1]! * output[2]! };
}
