// The position of a training that has not ended, as JSON beside the tensors of a safetensors file.
import { z } from 'zod';
import { positionFields, type TrainingPosition } from '../../training/training-position.ts';
import type { TrainedNetwork } from '../../training/training-state.ts';

/** The best epoch's weights and moments are tensors of the file. */
export const positionSchema = positionFields.extend({
  best: z.strictObject({ epoch: z.int().min(1), loss: z.number() }).exactOptional(),
});
type PackedPosition = z.infer<typeof positionSchema>;

/** The position without the tensors of the best epoch. */
export function packPosition({ best, ...rest }: TrainingPosition): object {
  return { ...rest, ...(best && { best: { epoch: best.epoch, loss: best.loss } }) };
}

/** The position again; `bestOf` gives the best epoch's network and moments, where there is one. */
export function unpackPosition({ best, ...rest }: PackedPosition, bestOf: () => TrainedNetwork): TrainingPosition {
  return { ...rest, ...(best && { best: { ...best, trained: bestOf() } }) };
}
