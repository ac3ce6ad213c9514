// Resize and Upsample become a resize layer where they pick, or weigh, the same pixels.
import type { OperatorCall, Translation } from '../operator-call.ts';
import { nearestPlaces } from '../nearest-places.ts';
import type { LayerValue } from '../value.ts';

/** One axis of an image: from so many pixels to so many, at a scale that may not be exactly their ratio. */
interface Axis {
  readonly from: number;
  readonly to: number;
  readonly scale: number;
}

/** Where output pixel i lies on the input. Source: the ONNX specification, Resize-19. */
const coordinates: ReadonlyMap<string, (i: number, axis: Axis) => number> = new Map([
  ['half_pixel', (i, { scale }) => (i + 0.5) / scale - 0.5],
  ['pytorch_half_pixel', (i, { to, scale }) => (to > 1 ? (i + 0.5) / scale - 0.5 : 0)],
  ['align_corners', (i, { from, to }) => (to > 1 ? (i * (from - 1)) / (to - 1) : 0)],
  ['asymmetric', (i, { scale }) => i / scale],
]);

const roundings: ReadonlyMap<string, (x: number) => number> = new Map([
  ['round_prefer_floor', (x) => Math.ceil(x - 0.5)],
  ['round_prefer_ceil', (x) => Math.floor(x + 0.5)],
  ['floor', Math.floor],
  ['ceil', Math.ceil],
]);

/** Source: the ONNX specification, Resize-19. */
function resize(call: OperatorCall): LayerValue {
  // Resize-10 has no sizes and no settings but the mode, and works like Upsample.
  if (call.opset < 11) return upsample(call);
  if (call.integer('antialias', 0) !== 0) throw call.refusal('Resize without antialias', 'antialias');
  const policy = call.text('keep_aspect_ratio_policy', 'stretch');
  if (policy !== 'stretch') throw call.refusal('Resize to the very sizes', policy);
  const transform = call.text('coordinate_transformation_mode', 'half_pixel');
  const rounding = call.text('nearest_mode', 'round_prefer_floor');
  const axes = call.integers('axes') ?? [0, 1, 2, 3];
  return resized(call, imageAxes(call, axes, 2, 3), transform, rounding);
}

/** Source: the ONNX specification, Upsample-9 (scales as an attribute before). */
function upsample(call: OperatorCall): LayerValue {
  return resized(call, imageAxes(call, [0, 1, 2, 3], 1, undefined), 'asymmetric', 'floor');
}

function resized(call: OperatorCall, axes: readonly [Axis, Axis], transform: string, rounding: string): LayerValue {
  const image = call.imageInput(0);
  const mode = call.text('mode', 'nearest');
  const place = coordinates.get(transform);
  const round = roundings.get(rounding);
  if (!place || !round) throw call.refusal(`a Resize of [${[...coordinates.keys()].join(', ')}]`, transform);
  if (mode !== 'nearest' && mode !== 'linear') throw call.refusal('Resize by nearest or linear', mode);
  call.spend(axes[0].to + axes[1].to);
  const isOurs = mode === 'nearest' ? axes.every(picksAsOurs(place, round)) : axes.every(weighsAsOurs(place));
  if (!isOurs) {
    const sizes = axes.map(({ from, to }) => `${from} to ${to}`).join(', ');
    throw call.refusal(`a ${mode} Resize with pixels as squares (half_pixel)`, `${transform}, ${rounding} (${sizes})`);
  }
  const size = axes.map(({ to }) => to);
  return call.addLayer('resize', [image], { size, mode: mode === 'linear' ? 'bilinear' : 'nearest' });
}

const inside = (at: number, { from }: Axis): number => Math.min(Math.max(at, 0), from - 1);

const picksAsOurs =
  (place: (i: number, axis: Axis) => number, round: (x: number) => number) =>
  (axis: Axis): boolean =>
    nearestPlaces(axis.from, axis.to).every((ours, i) => inside(round(place(i, axis)), axis) === ours);

const weighsAsOurs =
  (place: (i: number, axis: Axis) => number) =>
  (axis: Axis): boolean =>
    Array.from({ length: axis.to }, (_, i) => i).every((i) => {
      const ours = ((2 * i + 1) * axis.from) / (2 * axis.to) - 0.5;
      return Math.abs(inside(place(i, axis), axis) - inside(ours, axis)) < 1e-6 * axis.from;
    });

/** Height and width, from the input of scales or that of sizes. */
function imageAxes(
  call: OperatorCall,
  axes: readonly number[],
  scalesAt: number,
  sizesAt: number | undefined,
): readonly [Axis, Axis] {
  const { shape } = call.imageInput(0);
  const full = ['batch', ...shape] as const;
  const sizes = sizesAt === undefined || !call.input(sizesAt) ? undefined : call.sizesInput(sizesAt).sizes;
  const scales = sizes ? [] : scalesOf(call, scalesAt);
  if ((sizes ?? scales).length !== axes.length) throw call.refusal(`${axes.length} sizes or scales`, sizes ?? scales);
  const along = (axis: number): Axis => {
    const at = axes.findIndex((own) => own === axis || own === axis - 4);
    const from = axis === 0 ? (call.batch ?? 1) : shape[axis - 1]!;
    if (at < 0) return { from, to: from, scale: 1 };
    if (!sizes) return { from, to: Math.floor(from * scales[at]!), scale: scales[at]! };
    const size = sizes[at] === full[axis] ? from : Number(sizes[at]);
    return { from, to: size, scale: size / from };
  };
  const [batch, channels, height, width] = [along(0), along(1), along(2), along(3)];
  const isKept = batch.scale === 1 && channels.scale === 1;
  if (!isKept || !(height.to > 0 && width.to > 0)) throw call.refusal('a Resize of height and width', sizes ?? scales);
  return [height, width];
}

function scalesOf(call: OperatorCall, index: number): readonly number[] {
  const listed = call.operator.attributes.get('scales')?.floats;
  if (listed) return listed;
  const { data } = call.constantInput(index);
  if (data.length > 4) throw call.refusal('four scales', data.length);
  return [...data];
}

/**
 * Picks rows, then columns by their numbers: how our own export writes a nearest resize, since that is exact on every
 * runtime.
 */
function gather(call: OperatorCall): LayerValue {
  const image = call.imageInput(0);
  const { shape, sizes } = call.sizesInput(1);
  const axis = call.integer('axis', 0);
  const [, height, width] = image.shape as [number, number, number];
  const from = axis === 2 ? height : width;
  call.spend(sizes.length);
  const ours = nearestPlaces(from, sizes.length);
  const isOurs = shape.length === 1 && ours.every((place, i) => sizes[i] === place);
  if (!isOurs || (axis !== 2 && axis !== 3)) {
    throw call.refusal('a Gather of rows or columns that is a nearest resize', `axis ${axis}`);
  }
  const rows = call.maker(call.operator.inputs[0]!, 'Gather');
  const afterRows = axis === 3 && rows?.integer('axis', 0) === 2;
  const source = afterRows ? rows.imageInput(0) : image;
  const size = axis === 2 ? [sizes.length, width] : [height, sizes.length];
  return call.addLayer('resize', [source], { size, mode: 'nearest' });
}

export const resizing: Readonly<Record<string, Translation>> = { Resize: resize, Upsample: upsample, Gather: gather };
