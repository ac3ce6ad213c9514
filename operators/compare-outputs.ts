// How far two networks' outputs are apart on samples: shows that a mutation has kept what it promised to keep.
import { batchPositions } from '../src/data/samples.ts';
import type { Engine } from '../src/engine/engine.ts';
import { expected } from '../src/errors.ts';
import { inputNode, type Network } from '../src/network/network.ts';
import { layersOf, outputShape } from '../src/network/shapes.ts';
import { sameShape, sizeOf } from '../src/network/tensor.ts';

/** How far outputs are apart. */
export interface OutputDifference {
  /** The largest |a - b| of any output of any sample. */
  readonly largest: number;
  /** The largest |a|. */
  readonly scale: number;
  /** `largest` as a share of `scale`; 0 where both are. */
  readonly relative: number;
}

const batchSize = 256;

/**
 * The outputs of `a` and `b`, in eval mode, on inputs [count, ...shape of an input].
 *
 * Throws `bad-argument` where the inputs are none, or not whole samples of either network, or the outputs of other
 * sizes; `evaluation-failed` where an output of `a` is not finite, since nothing can be compared with that.
 */
export async function compareOutputs(
  engine: Engine,
  [a, b]: readonly [Network, Network],
  inputs: Float32Array,
): Promise<OutputDifference> {
  const size = sizeOf(layersOf(a).get(inputNode(a).id)!.output);
  const count = inputs.length / size;
  if (count === 0 || !Number.isInteger(count))
    throw expected('bad-argument', `samples of ${size} values`, inputs.length);
  const [wanted, got] = [outputShape(a), outputShape(b)];
  if (!sameShape(wanted, got)) throw expected('bad-argument', `outputs of shape [${wanted.join(', ')}]`, got);
  // Two programs: one would compute what the networks share only once.
  const programs = [await engine.compile([a]), await engine.compile([b])];
  try {
    let [largest, scale] = [0, 0];
    for (const positions of batchPositions(count, batchSize)) {
      const data = inputs.slice(positions[0]! * size, (positions.at(-1)! + 1) * size);
      const [[before], [after]] = [
        await programs[0]!.forward({ size: positions.length, data }),
        await programs[1]!.forward({ size: positions.length, data }),
      ];
      before!.forEach((value, i) => {
        if (!Number.isFinite(value)) throw expected('evaluation-failed', 'finite outputs', value);
        const difference = Math.abs(value - after![i]!);
        // What is not a number is as far off as can be.
        largest = Math.max(largest, Number.isNaN(difference) ? Infinity : difference);
        scale = Math.max(scale, Math.abs(value));
      });
    }
    return { largest, scale, relative: largest === 0 ? 0 : largest / scale };
  } finally {
    for (const program of programs) await program.dispose();
  }
}
