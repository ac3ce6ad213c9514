// The list of ONNX operators that the importer knows.
import type { Translation } from '../operator-call.ts';
import { activations } from './activations.ts';
import { concatenation } from './concatenation.ts';
import { convolution } from './convolution.ts';
import { constants } from './constants.ts';
import { linear } from './linear.ts';
import { normalization } from './normalization.ts';
import { padding } from './padding.ts';
import { passing } from './passing.ts';
import { pooling } from './pooling.ts';
import { products } from './products.ts';
import { reshaping } from './reshaping.ts';
import { resizing } from './resizing.ts';
import { sizeLists } from './size-lists.ts';
import { sums } from './sums.ts';

/**
 * By operator type, for operators that read something computed from the model's input.
 *
 * To support one more, write its function in the file of its group and name it there. What it cannot express it refuses
 * with `call.refusal(...)`.
 */
export const translations: ReadonlyMap<string, Translation> = new Map(
  Object.entries({
    ...convolution,
    ...linear,
    ...normalization,
    ...activations,
    ...products,
    ...sums,
    ...padding,
    ...pooling,
    ...concatenation,
    ...resizing,
    ...reshaping,
    ...passing,
  }),
);

/** By operator type, for operators all of whose inputs are stored in the file or follow from shapes. */
export const foldings: ReadonlyMap<string, Translation> = new Map(Object.entries({ ...constants, ...sizeLists }));
