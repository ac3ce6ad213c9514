// What samples an ONNX file takes: its input's shape without the batch axis.
import { expected } from '../../errors.ts';
import type { DecodedValueInfo } from '../../engine/onnx/onnx-schema.ts';
import { sizeOf, type Shape } from '../../network/tensor.ts';
import { elementTypeName, onnxFloat32, onnxFloat64 } from './read-constant.ts';

/** What an ONNX file may leave open. */
export interface ImportOptions {
  /** The shape of one sample, [channels, height, width] or [features], for files that leave it open. */
  readonly inputShape?: Shape;
}

/**
 * The shape of one sample, and the batch size where the file fixes it.
 *
 * Throws `bad-model` for inputs that are no float tensors of known shape, [batch, channels, height, width] or [batch,
 * features], and for an `inputShape` that contradicts the file.
 */
export function readInput(
  { name, type }: DecodedValueInfo,
  { inputShape }: ImportOptions,
): { readonly shape: Shape; readonly batch: number | undefined } {
  const elementType = type?.tensorType?.elemType ?? 0;
  if (elementType !== onnxFloat32 && elementType !== onnxFloat64) {
    throw expected('bad-model', 'an input of float32 values', elementTypeName(elementType), name);
  }
  // An open axis has a name instead of a size, or neither.
  const sizes = type?.tensorType?.shape?.dim.map(({ dimValue }) => (dimValue > 0 ? dimValue : undefined));
  const declared = `[${sizes?.map((size) => size ?? '?').join(', ') ?? 'unknown rank'}]`;
  const known = sizes?.slice(1).filter((size) => size !== undefined);
  const shape = inputShape ?? known ?? [];
  const isKnown = inputShape !== undefined || (known !== undefined && known.length === sizes!.length - 1);
  if (!isKnown) throw expected('bad-model', 'an input of known shape, or the option inputShape', declared, name);
  if ((shape.length !== 1 && shape.length !== 3) || !shape.every((size) => Number.isSafeInteger(size) && size > 0)) {
    throw expected('bad-model', 'an input [batch, channels, height, width] or [batch, features]', declared, name);
  }
  if (!Number.isSafeInteger(sizeOf(shape))) throw expected('bad-model', 'an input that has a size', declared, name);
  const fits =
    !sizes || (sizes.length === shape.length + 1 && shape.every((size, i) => size === (sizes[i + 1] ?? size)));
  if (!fits) throw expected('bad-model', `an inputShape that fits ${declared}`, shape, name);
  return { shape, batch: sizes?.[0] };
}
