// Random changes to training images that keep their class and their shape.
import { expected } from '../errors.ts';
import { sizeOf, type Shape } from '../network/tensor.ts';
import type { RandomStream } from '../random/stream.ts';

/** A changed copy of one image [channels, height, width], or the image itself; equal streams give equal changes. */
export type Augmentation = (image: Float32Array, shape: Shape, rng: RandomStream) => Float32Array;

/** Mirrors an image left to right with this probability. Throws `bad-argument` for one that is not 0 to 1. */
export function horizontalFlip(probability = 0.5): Augmentation {
  if (!(probability >= 0 && probability <= 1)) {
    throw expected('bad-argument', 'a probability from 0 to 1', probability);
  }
  return (image, shape, rng) => {
    const width = widthOf(shape);
    if (rng.float() >= probability) return image;
    return image.map((_, at) => image[at - (at % width) + (width - 1 - (at % width))]!);
  };
}

/**
 * Puts `pad` pixels of `fill` around an image and cuts a random window of the old size out of it, so that it moves by
 * up to `pad` pixels each way (He et al. 2016, section 4.2, with a pad of 4 for CIFAR-10). Throws `bad-argument` for a
 * pad that is no number of pixels.
 */
export function padAndCrop(pad: number, fill = 0): Augmentation {
  if (!Number.isSafeInteger(pad) || pad < 0) throw expected('bad-argument', 'a number of pixels as pad', pad);
  return (image, shape, rng) => {
    const width = widthOf(shape);
    const height = shape[1]!;
    const down = rng.int(2 * pad + 1) - pad;
    const right = rng.int(2 * pad + 1) - pad;
    return image.map((_, at) => {
      const x = (at % width) + right;
      const y = (Math.floor(at / width) % height) + down;
      const isInside = x >= 0 && x < width && y >= 0 && y < height;
      return isInside ? image[at + down * width + right]! : fill;
    });
  };
}

/**
 * Applies augmentations, in their order, to each sample of a batch [batch, ...shape].
 *
 * Throws `bad-argument` where they change how many values a sample has.
 */
export function augmentBatch(
  data: Float32Array,
  shape: Shape,
  augmentations: readonly Augmentation[],
  rng: RandomStream,
): Float32Array {
  const size = sizeOf(shape);
  const changed = new Float32Array(data.length);
  for (let from = 0; from < data.length; from += size) {
    const image = augmentations.reduce((now, augment) => augment(now, shape, rng), data.subarray(from, from + size));
    if (image.length !== size) throw expected('bad-argument', `augmentations that keep ${size} values`, image.length);
    changed.set(image, from);
  }
  return changed;
}

function widthOf(shape: Shape): number {
  if (shape.length !== 3) throw expected('bad-argument', 'images to augment, [channels, height, width]', shape);
  return shape[2]!;
}
