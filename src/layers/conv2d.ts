// The two-dimensional convolution: kernels OIHW, explicit pads, stride, dilation and groups.
import { z } from 'zod';
import { expected } from '../errors.ts';
import { filled, tensor } from '../network/tensor.ts';
import {
  conv2dAttributes,
  conv2dWindow,
  everyTapReads,
  explicitPads,
  forEachTap,
  paddingOption,
  requireImage,
  sizeOption,
  windowOutput,
  type Conv2dAttributes,
} from './convolution-geometry.ts';
import { conv2dGradient } from './conv2d-gradient.ts';
import { conv2dTfjs } from './conv2d-tfjs.ts';
import { heNormalChannel, initializerOption, initialWeights } from './initializers.ts';
import { defineLayer, type LayerInstance } from './layer-kind.ts';
import { rangeOfWeights } from './range.ts';

const options = z.strictObject({
  channels: z.int().positive(),
  kernel: sizeOption,
  stride: sizeOption.default([1, 1]),
  dilation: sizeOption.default([1, 1]),
  padding: paddingOption.default('same'),
  groups: z.int().positive().default(1),
  bias: z.boolean().default(true),
  initializer: initializerOption,
});

export const conv2d = defineLayer<Conv2dAttributes, z.output<typeof options>>({
  kind: 'conv2d',
  arity: { min: 1, max: 1 },
  attributes: conv2dAttributes,
  options,
  params: {
    weight: { trainable: true, decays: true, newChannel: heNormalChannel },
    bias: { trainable: true, optional: true },
  },

  create({ channels, kernel, stride, dilation, padding, groups, bias, initializer }, [image], rng) {
    requireImage(image!, 'conv2d');
    const inChannels = image![0]!;
    if (inChannels % groups !== 0 || channels % groups !== 0) {
      throw expected('bad-network', `channels that ${groups} groups divide`, [inChannels, channels]);
    }
    const taps = kernel[0] * kernel[1];
    const fans = { fanIn: (inChannels / groups) * taps, fanOut: (channels / groups) * taps };
    const weight = initialWeights(initializer, [channels, inChannels / groups, ...kernel], fans, rng);
    const pads = explicitPads(padding, image!, { kernel, stride, dilation });
    return {
      attributes: { stride, dilation, pads, groups },
      params: bias ? { weight, bias: filled([channels], 0) } : { weight },
    };
  },

  outputShape(layer) {
    const [image] = layer.inputs;
    requireImage(image!, 'conv2d');
    const { shape } = layer.params.weight!;
    const { groups } = layer.attributes;
    if (shape.length !== 4 || shape[1]! * groups !== image![0] || shape[0]! % groups !== 0) {
      throw expected(
        'bad-network',
        `a kernel [out, ${image![0]} / ${groups}, height, width] in ${groups} groups`,
        shape,
      );
    }
    const { bias } = layer.params;
    if (bias && (bias.shape.length !== 1 || bias.shape[0] !== shape[0])) {
      throw expected('bad-network', `a conv2d bias of shape [${shape[0]}]`, bias.shape);
    }
    return [shape[0]!, ...windowOutput(image!, conv2dWindow(layer))];
  },

  macs: ({ params, output }) => params.weight!.data.length * output[1]! * output[2]!,
  range: ({ params }) => rangeOfWeights(params),
  channels({ attributes, inputs, output }) {
    const { groups } = attributes;
    const perChannel = { weight: 0, bias: 0 };
    if (groups === 1) return { flow: 'own', producer: perChannel, consumer: { weight: 1 } };
    const perGroup = inputs[0]![0]! / groups;
    const resized = (channels: number): Conv2dAttributes => ({ ...attributes, groups: channels / perGroup });
    return { flow: 'spread', inputs: perGroup, outputs: output[0]! / groups, perChannel, resized };
  },

  identity: {
    fits: (shape, kernel) => shape.length === 3 && shape.slice(1).every((side) => Math.floor(kernel / 2) < side),
    create([channels], kernel) {
      const [before, taps] = [Math.floor((kernel - 1) / 2), kernel ** 2];
      const after = kernel - 1 - before;
      const data = new Float32Array(channels! ** 2 * taps);
      for (let c = 0; c < channels!; c++) data[(c * channels! + c) * taps + before * kernel + before] = 1;
      return {
        attributes: { stride: [1, 1], dilation: [1, 1], pads: [before, before, after, after], groups: 1 },
        params: { weight: tensor([channels!, channels!, kernel, kernel], data), bias: filled([channels!], 0) },
      };
    },
  },
  mixing: ({ channels, kernel, stride, initializer }) => ({
    channels,
    kernel: [kernel, kernel],
    stride: [stride[0]!, stride[1]!],
    dilation: [1, 1],
    padding: 'same',
    groups: 1,
    bias: true,
    initializer,
  }),
  growKernel(layer, taps) {
    const { attributes, params, inputs } = layer;
    const grown = (side: 0 | 1 | 2 | 3): number =>
      attributes.pads[side] + attributes.dilation[side % 2 === 0 ? 0 : 1] * taps[side];
    const pads: Conv2dAttributes['pads'] = [grown(0), grown(1), grown(2), grown(3)];
    const [, , height, width] = params.weight!.shape;
    const kernel = [height! + taps[0] + taps[2], width! + taps[1] + taps[3]] as const;
    if (!everyTapReads(inputs[0]!, { ...conv2dWindow(layer), kernel, pads })) return undefined;
    return { attributes: { ...attributes, pads }, axes: { weight: [2, 3] } };
  },

  reference: {
    forward({ layer, params, inputs, batch }) {
      const { inChannels, outChannels, inPlane, outPlane, taps, perGroup, outPerGroup } = sizes(layer);
      const [x] = inputs;
      const weight = params.weight!;
      const output = new Float64Array(batch * outChannels * outPlane);
      for (let n = 0; n < batch; n++) {
        for (let o = 0; o < outChannels; o++) {
          const to = (n * outChannels + o) * outPlane;
          if (params.bias) output.fill(params.bias[o]!, to, to + outPlane);
          for (let c = 0; c < perGroup; c++) {
            const from = (n * inChannels + Math.floor(o / outPerGroup) * perGroup + c) * inPlane;
            const kernel = (o * perGroup + c) * taps;
            forEachTap(layer.inputs[0]!, conv2dWindow(layer), (out, at, tap) => {
              output[to + out]! += x![from + at]! * weight[kernel + tap]!;
            });
          }
        }
      }
      return { output };
    },

    backward({ layer, params, inputs, batch, gradient }) {
      const { inChannels, outChannels, inPlane, outPlane, taps, perGroup, outPerGroup } = sizes(layer);
      const [x] = inputs;
      const weight = params.weight!;
      const dx = new Float64Array(x!.length);
      const dWeight = new Float64Array(weight.length);
      const dBias = new Float64Array(outChannels);
      for (let n = 0; n < batch; n++) {
        for (let o = 0; o < outChannels; o++) {
          const to = (n * outChannels + o) * outPlane;
          for (let p = 0; p < outPlane; p++) dBias[o]! += gradient[to + p]!;
          for (let c = 0; c < perGroup; c++) {
            const from = (n * inChannels + Math.floor(o / outPerGroup) * perGroup + c) * inPlane;
            const kernel = (o * perGroup + c) * taps;
            forEachTap(layer.inputs[0]!, conv2dWindow(layer), (out, at, tap) => {
              dx[from + at]! += gradient[to + out]! * weight[kernel + tap]!;
              dWeight[kernel + tap]! += gradient[to + out]! * x![from + at]!;
            });
          }
        }
      }
      return { inputs: [dx], params: params.bias ? { weight: dWeight, bias: dBias } : { weight: dWeight } };
    },
  },

  onnx: {
    forward({ graph, layer, params, inputs }) {
      const { kernel, stride, dilation, pads } = conv2dWindow(layer);
      const operands = [inputs[0]!, params.weight!, ...(params.bias ? [params.bias] : [])];
      const group = layer.attributes.groups;
      const settings = { kernel_shape: kernel, strides: stride, dilations: dilation, pads, group };
      return { output: graph.op('Conv', operands, settings) };
    },
    gradient: conv2dGradient,
  },

  tfjs: conv2dTfjs,
});

function sizes(layer: LayerInstance<Conv2dAttributes>): {
  inChannels: number;
  outChannels: number;
  inPlane: number;
  outPlane: number;
  taps: number;
  perGroup: number;
  outPerGroup: number;
} {
  const [inChannels, height, width] = layer.inputs[0] as [number, number, number];
  const [outChannels, outHeight, outWidth] = layer.output as [number, number, number];
  const [, perGroup, kernelHeight, kernelWidth] = layer.params.weight!.shape as [number, number, number, number];
  return {
    inChannels,
    outChannels,
    inPlane: height * width,
    outPlane: outHeight * outWidth,
    taps: kernelHeight * kernelWidth,
    perGroup,
    outPerGroup: outChannels / layer.attributes.groups,
  };
}
