// What the rest of neurostitch names of TensorFlow.js: types only, so that nothing loads it before the engine does.
import type * as core from '@tensorflow/tfjs-core';

export type Tfjs = typeof core;
export type GradSaveFunc = core.GradSaveFunc;
export type TensorContainer = core.TensorContainer;
export type TfjsTensor = core.Tensor;
/** [batch, height, width, channels]. */
export type TfjsImage = core.Tensor4D;
