// The public API of neurostitch.
export * from './population/index.ts';
export * from './operators/index.ts';
export * from './stitching/index.ts';
export { defineConfig, type Config } from './cli/define-config.ts';
export {
  frontPng,
  frontSvg,
  frontTable,
  serveReports,
  writeReport,
  type ReportServer,
  type ServeOptions,
  type ThemeName,
} from './report/index.ts';
export { NeurostitchError, type ErrorCode } from './src/errors.ts';
export { RandomStream, type RandomStreamState } from './src/random/stream.ts';

export { NetworkBuilder } from './src/network/network-builder.ts';
export type { Attributes, AttributeValue, Network, NetworkNode, Params } from './src/network/network.ts';
export type { Shape, Tensor } from './src/network/tensor.ts';
export type { ActivationName } from './src/layers/activation-functions.ts';
export { validate } from './src/network/validate.ts';
export { costOf, type NetworkCost } from './src/network/cost.ts';
export { networkHash, nodeHashes } from './src/network/hash.ts';

export { datasetOf, loadDataset, type Dataset } from './src/data/dataset.ts';
export { splitDataset, type Splits, type SplitShares } from './src/data/split.ts';
export { allocateSamples, batchOf, type Samples } from './src/data/samples.ts';
export { horizontalFlip, padAndCrop, type Augmentation } from './src/data/augment.ts';
export { channelStatistics, normalise, type ChannelStatistics } from './src/data/normalise.ts';

export type {
  Batch,
  CompileOptions,
  Engine,
  Gradients,
  LossOptions,
  NodeRef,
  NormalEquations,
  Program,
  StepOptions,
  Targets,
  Values,
} from './src/engine/engine.ts';
export { onnxEngine } from './src/engine/onnx/onnx-engine.ts';
export type { ExecutionProvider, OnnxSettings } from './src/engine/onnx/session.ts';
export { tfjsEngine, type TfjsSettings } from './src/engine/tfjs/tfjs-engine.ts';
export type { TfjsBackend } from './src/engine/tfjs/load-tfjs.ts';
export { chooseEngine, type EngineChoice } from './src/engine/auto/choose-engine.ts';
export { findEngines } from './src/engine/auto/find-engines.ts';
export type { EngineFinding } from './src/engine/auto/probe-engine.ts';
export type { EngineName } from './src/engine/auto/engine-names.ts';
export type {
  FloatAttribute,
  OnnxDimension,
  OnnxGraph,
  OnnxOperation,
  OnnxValue,
} from './src/engine/onnx/onnx-graph.ts';
export { referenceEngine } from './src/engine/reference/reference-engine.ts';

export { exportOnnx } from './src/formats/onnx/export-onnx.ts';
export { importOnnx, type ImportedNetwork, type ImportOptions } from './src/formats/onnx/import-onnx.ts';
export { loadSafetensors, saveSafetensors, type SaveOptions } from './src/formats/safetensors.ts';
export { readTensors, type ReadTensorsOptions } from './src/formats/safetensors/read-tensors.ts';
export { writeTensors } from './src/formats/safetensors/write-tensors.ts';
export type { ModelManifest } from './src/store/model-manifest.ts';

export { train } from './src/training/train.ts';
export type { EpochProgress, TrainOptions } from './src/training/train-options.ts';
export { Trainer, type TrainResult } from './src/training/trainer.ts';
export { TrainingDiverged } from './src/training/training-diverged.ts';
export type { BestEpoch, EarlyStopping } from './src/training/early-stopping.ts';
export type { TrainingPosition } from './src/training/training-position.ts';
export {
  freshTrainingState,
  type Moments,
  type MomentsByNode,
  type TrainedNetwork,
  type TrainingState,
} from './src/training/training-state.ts';
export { measure, type MeasureOptions } from './src/training/measure.ts';
export type { Confusion } from './src/training/confusion.ts';
export { evaluate, type Metrics } from './src/training/evaluate.ts';
export type { Loss, LossMetrics, LossSizes } from './src/training/losses/loss.ts';
export { softmaxCrossEntropy } from './src/training/losses/softmax-cross-entropy.ts';
export { binaryCrossEntropy } from './src/training/losses/binary-cross-entropy.ts';
export { meanSquaredError } from './src/training/losses/mean-squared-error.ts';
export { distillation, distillationTargets, type DistillationSettings } from './src/training/losses/distillation.ts';
export type { Entry, EntryFacts, EntryVectors, Optimiser } from './src/training/optimisers/optimiser.ts';
export { sgd, type SgdSettings } from './src/training/optimisers/sgd.ts';
export { adam, type AdamSettings, type AdamSlot } from './src/training/optimisers/adam.ts';
export { adamW, type AdamWSettings } from './src/training/optimisers/adam-w.ts';
export {
  constantSchedule,
  cosineSchedule,
  stepSchedule,
  type Schedule,
  type WarmUp,
} from './src/training/schedules.ts';
