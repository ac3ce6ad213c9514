// Gemm and MatMul with constant weights become dense layers, weights [in, out].
import type { Tensor } from '../../../network/tensor.ts';
import { multiplied, transposed } from '../matrix.ts';
import type { OperatorCall, Translation } from '../operator-call.ts';
import { perChannel } from '../per-channel.ts';
import { decimalOf, type LayerValue } from '../value.ts';

/** alpha * A * B + beta * C with A from the network, B and C stored. Source: the ONNX specification, Gemm-13. */
function gemm(call: OperatorCall): LayerValue {
  const input = call.vectorInput(0);
  if (call.integer('transA', 0) !== 0) throw call.refusal('Gemm without transA (it would mix the samples)', 'transA');
  const stored = matrixInput(call);
  call.spend(stored.data.length);
  const weight = multiplied(call.integer('transB', 0) === 0 ? stored : transposed(stored), call.real('alpha', 1));
  const beta = call.real('beta', 1);
  const added = call.input(2);
  if (!added || beta === 0) return call.addLayer('dense', [input], {}, { weight });
  if (added.type === 'layer') return withTensorAdded(call, call.addLayer('dense', [input], {}, { weight }), beta);
  const stacked = call.constantInput(2);
  const bias = perChannel(call, stacked, [weight.shape[1]!]);
  if (!bias) throw call.refusal(`a bias of shape [${weight.shape[1]}]`, stacked.shape);
  return call.addLayer('dense', [input], {}, { weight, bias: multiplied(bias, beta) });
}

/** C may be a tensor of the network, too, as in PyTorch's addmm. */
function withTensorAdded(call: OperatorCall, product: LayerValue, beta: number): LayerValue {
  const terms = [product, call.vectorInput(2)];
  return beta === 1 ? call.addLayer('add', terms) : call.addLayer('average', terms, { weights: [1, decimalOf(beta)] });
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
