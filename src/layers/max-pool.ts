// Max pooling over windows of an image; padding never wins.
import { z } from 'zod';
import { forEachTap } from './convolution-geometry.ts';
import { defineLayer, type LayerInstance, type ReferenceCall } from './layer-kind.ts';
import { padImage } from './pad-image.ts';
import { pooledShape, poolAttributes, poolOptions, poolSettings, poolWindow } from './pool-window.ts';

const attributes = z.strictObject(poolAttributes);
type MaxPoolAttributes = z.infer<typeof attributes>;

const options = z.strictObject(poolOptions);

export const maxPool = defineLayer<MaxPoolAttributes, z.output<typeof options>>({
  kind: 'maxPool',
  arity: { min: 1, max: 1 },
  attributes,
  options,
  params: {},
  create: (chosen, [image]) => ({ attributes: poolSettings(chosen, image!, 'maxPool'), params: {} }),
  outputShape: ({ attributes, inputs }) => pooledShape(attributes, inputs[0]!, 'maxPool'),
  macs: () => 0,
  range: (_, [input]) => input!,
  channels: () => ({ flow: 'tied', perChannel: {} }),

  reference: {
    forward: (call) => ({ output: winners(call).map((at) => call.inputs[0]![at]!) }),
    backward(call) {
      const dx = new Float64Array(call.inputs[0]!.length);
      winners(call).forEach((at, i) => {
        dx[at]! += call.gradient[i]!;
      });
      return { inputs: [dx], params: {} };
    },
  },

  onnx: {
    forward({ graph, layer, inputs, batch }) {
      const { kernel, stride, pads } = layer.attributes;
      const settings = { kernel_shape: kernel, strides: stride, pads };
      // An open batch has no gradient to want the winners.
      if (batch === undefined) return { output: graph.op('MaxPool', inputs, settings) };
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

  tfjs({ tf, layer, inputs }) {
    const { kernel, stride, pads } = layer.attributes;
    const image = padImage(tf, inputs[0]!, pads, -Infinity);
    return { output: tf.maxPool(image, [...kernel], [...stride], 'valid') };
  },
});

/** For each output the index of the input that won, the first of equals. */
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
