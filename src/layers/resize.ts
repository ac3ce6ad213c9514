// The resize layer: an image scaled to a given height and width, for stitches between images of different sizes.
import { z } from 'zod';
import { sizeOf } from '../network/tensor.ts';
import { pairSchema, requireImage, sizeOption } from './convolution-geometry.ts';
import { defineLayer, type LayerInstance } from './layer-kind.ts';
import { emitMap, mapPlanes, tfjsMap, transposed, type AxisTap, type SeparableMap } from './separable-map.ts';

const modeSchema = z.enum(['nearest', 'bilinear']);
const attributes = z.strictObject({ size: pairSchema, mode: modeSchema });
type ResizeAttributes = z.infer<typeof attributes>;

const options = z.strictObject({ size: sizeOption, mode: modeSchema.default('bilinear') });

/**
 * Pixels are squares: the centre of output pixel i lies at (i + 0.5) * input size / output size - 0.5 on the input.
 * Bilinear weighs its two neighbours along each axis (no smoothing before an image shrinks), nearest takes the closer
 * one, the later of two equally close.
 *
 * Source: the ONNX specification, Resize-19 with "half_pixel" (nearest mode "round_prefer_ceil"); the same as PyTorch's
 * interpolate with align_corners=False, modes "bilinear" and "nearest-exact".
 */
export const resize = defineLayer<ResizeAttributes, z.output<typeof options>>({
  kind: 'resize',
  arity: { min: 1, max: 1 },
  attributes,
  options,
  params: {},
  create: (chosen) => ({ attributes: chosen, params: {} }),
  outputShape({ attributes, inputs }) {
    requireImage(inputs[0]!, 'resize');
    return [inputs[0]![0]!, ...attributes.size];
  },
  // Four neighbours to a pixel.
  macs: ({ attributes, output }) => (attributes.mode === 'bilinear' ? 4 * sizeOf(output) : 0),
  range: (_, [input]) => input!,
  channels: () => ({ flow: 'tied', perChannel: {} }),

  reference: {
    forward: ({ layer, inputs }) => ({ output: mapPlanes(separableMap(layer), inputs[0]!) }),
    backward: ({ layer, gradient }) => ({
      inputs: [mapPlanes(transposed(separableMap(layer)), gradient)],
      params: {},
    }),
  },

  onnx: {
    forward: ({ graph, layer, inputs }) => ({ output: emitMap(graph, separableMap(layer), inputs[0]!) }),
    gradient: ({ graph, layer, gradient }) => ({
      inputs: [emitMap(graph, transposed(separableMap(layer)), gradient)],
      params: {},
    }),
  },

  tfjs: ({ tf, layer, inputs }) => ({ output: tfjsMap(tf, separableMap(layer), inputs[0]!) }),
});

function separableMap({ attributes: { mode, size }, inputs }: LayerInstance<ResizeAttributes>): SeparableMap {
  const [, height, width] = inputs[0] as [number, number, number];
  const along = mode === 'nearest' ? nearestTaps : bilinearTaps;
  return { from: [height, width], to: size, rows: along(height, size[0]), columns: along(width, size[1]) };
}

function nearestTaps(from: number, to: number): AxisTap[] {
  // Whole numbers until the last division: no rounding can pick the wrong neighbour.
  return Array.from({ length: to }, (_, i) => ({
    to: i,
    from: Math.floor(((2 * i + 1) * from) / (2 * to)),
    weight: 1,
  }));
}

function bilinearTaps(from: number, to: number): AxisTap[] {
  return Array.from({ length: to }, (_, i) => {
    const centre = ((2 * i + 1) * from) / (2 * to) - 0.5;
    const place = Math.min(Math.max(centre, 0), from - 1);
    const before = Math.floor(place);
    const rest = place - before;
    const taps = [{ to: i, from: before, weight: 1 - rest }];
    return rest > 0 ? [...taps, { to: i, from: before + 1, weight: rest }] : taps;
  }).flat();
}
