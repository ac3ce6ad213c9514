// The names by which a person can ask for an engine; a file of its own, so that settings need not load the engines.
export const engineNames = [
  'tfjs-tensorflow',
  'onnx-cuda',
  'onnx-webgpu',
  'onnx-cpu',
  'tfjs-webgpu',
  'tfjs-cpu',
] as const;

export type EngineName = (typeof engineNames)[number];
