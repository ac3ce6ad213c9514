// The loss of a step that names none.
import { softmaxCrossEntropy } from '../training/losses/softmax-cross-entropy.ts';

export const defaultLoss = softmaxCrossEntropy();
