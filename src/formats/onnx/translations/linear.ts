// Gemm and MatMul with constant weights become dense layers, weights [in, out].
import { perChannel, type LayerValue } from '../value.ts';
import type { Tensor } from '../../../network/tensor.ts';
import { multiplied, transposed } from '../matrix.ts';
import type { OperatorCall, Translation } from '../operator-call.ts';

/** alpha * A * B + beta * C with A from the network, B and C stored. Source: the ONNX specification, Gemm-13. */
function gemm(call: OperatorCall): LayerValue {
  const input = call.vectorInput(0);
  if (call.integer('transA', 0) !== 0) throw call.refusal('Gemm without transA (it would mix the samples)', 'transA');
  const stored = matrixInput(call);
  const weight = multiplied(call.integer('transB', 0) === 0 ? stored : transposed(stored), call.real('alpha', 1));
  const beta = call.real('beta', 1);
  if (!call.input(2) || beta === 0) return call.addLayer('dense', [input], {}, { weight });
  const added = call.constantInput(2);
  const bias = perChannel(added, [weight.shape[1]!]);
  if (!bias) throw call.refusal(`a bias of shape [${weight.shape[1]}]`, added.shape);
  return call.addLayer('dense', [input], {}, { weight, bias: multiplied(bias, beta) });
}

/** Source: the ONNX specification, MatMul-13. */
function matMul(call: OperatorCall): LayerValue {
  return call.addLayer('dense', [call.vectorInput(0)], {}, { weight: matrixInput(call) });
}

function matrixInput(call: OperatorCall): Tensor {
  const { shape, data } = call.constantInput(1);
  if (shape.length !== 2) throw call.refusal('a matrix as weights', shape);
  return { shape, data };
}

export const linear: Readonly<Record<string, Translation>> = { Gemm: gemm, MatMul: matMul };
