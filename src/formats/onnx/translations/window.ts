// The window settings that ONNX convolutions and pools share.
import { explicitPads, type Pads, type Pair } from '../../../layers/convolution-geometry.ts';
import type { Shape } from '../../../network/tensor.ts';
import type { OperatorCall } from '../operator-call.ts';

export interface WindowSettings {
  readonly stride: Pair;
  readonly dilation: Pair;
  /** Top, left, bottom, right. */
  readonly pads: Pads;
}

/**
 * Stride, dilation and pads of a two-dimensional window over an image of this shape with so many zeros already around
 * it; automatic pads are made explicit. The pads returned include the zeros.
 *
 * Source: the ONNX specification, Conv-11 and MaxPool-12 (`pads` are all begins, then all ends).
 */
export function windowSettings(
  call: OperatorCall,
  [channels, height, width]: Shape,
  kernel: Pair,
  zeros: Pads = [0, 0, 0, 0],
): WindowSettings {
  const stride = pairOf(call, 'strides');
  const dilation = pairOf(call, 'dilations');
  const padded = [channels!, height! + zeros[0] + zeros[2], width! + zeros[1] + zeros[3]];
  const pads = padsOf(call, padded, { kernel, stride, dilation });
  return {
    stride,
    dilation,
    pads: [pads[0] + zeros[0], pads[1] + zeros[1], pads[2] + zeros[2], pads[3] + zeros[3]],
  };
}

/** How far the last window reaches past the padded image, below and to the right, where sizes are rounded up. */
export function ceilOverhang(
  [, height, width]: Shape,
  { kernel, stride, pads }: { kernel: Pair; stride: Pair; pads: Pads },
): [number, number] {
  const along = (axis: 0 | 1, length: number): number => {
    const before = length + pads[axis];
    const padded = before + pads[axis + 2]!;
    const rounded = Math.ceil((padded - kernel[axis]) / stride[axis]) + 1;
    // A window that would start behind the image is left out. Source: the ONNX specification, MaxPool-22.
    const steps = (rounded - 1) * stride[axis] >= before ? rounded - 1 : rounded;
    return Math.max((steps - 1) * stride[axis] + kernel[axis] - padded, 0);
  };
  return [along(0, height!), along(1, width!)];
}

function pairOf(call: OperatorCall, name: string): Pair {
  const given = call.integers(name) ?? [1, 1];
  if (given.length !== 2) throw call.refusal(`two ${name}, for height and width`, given);
  return [given[0]!, given[1]!];
}

function padsOf(call: OperatorCall, image: Shape, window: { kernel: Pair; stride: Pair; dilation: Pair }): Pads {
  const automatic = call.text('auto_pad', 'NOTSET');
  const same = (): Pads => explicitPads('same', image, window);
  switch (automatic) {
    case 'VALID':
      return [0, 0, 0, 0];
    case 'SAME_UPPER':
      return same();
    case 'SAME_LOWER': {
      // The odd pad goes to the beginning.
      const [top, left, bottom, right] = same();
      return [bottom, right, top, left];
    }
    case 'NOTSET': {
      const given = call.integers('pads') ?? [0, 0, 0, 0];
      if (given.length !== 4) throw call.refusal('four pads: top, left, bottom, right', given);
      return [given[0]!, given[1]!, given[2]!, given[3]!];
    }
    default:
      throw call.refusal('auto_pad NOTSET, VALID, SAME_UPPER or SAME_LOWER', automatic);
  }
}
