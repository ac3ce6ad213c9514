// Norms: BatchNormalization at inference, LayerNormalization, and both written out.
import { filled } from '../../../network/tensor.ts';
import type { OperatorCall, Translation } from '../operator-call.ts';
import { perChannel } from '../per-channel.ts';
import { decimalOf, scalarOf, type LayerValue } from '../value.ts';

/** The order of the inputs. Source: the ONNX specification, BatchNormalization-15. */
const parameters = ['gamma', 'beta', 'mean', 'variance'] as const;

function batchNormalization(call: OperatorCall): LayerValue {
  // Before operator set 14 training shows in that the statistics are outputs too.
  const isTraining = call.integer('training_mode', 0) !== 0 || call.operator.outputs.filter(Boolean).length > 1;
  if (isTraining) throw call.refusal('BatchNormalization in inference mode', 'training mode');
  if (call.integer('spatial', 1) === 0) throw call.refusal('statistics for each channel', 'spatial = 0');
  const params = parameters.map((name, index) => {
    const { shape, data } = call.constantInput(index + 1);
    return [name, { shape, data }] as const;
  });
  const attributes = {
    epsilon: decimalOf(call.real('epsilon', Math.fround(1e-5))),
    // ONNX weighs the old statistics, we the new ones.
    momentum: Number((1 - call.real('momentum', Math.fround(0.9))).toPrecision(6)),
  };
  const input = call.layerInput(0);
  return call.addLayer('batchNorm', [input], attributes, Object.fromEntries(params), input.shape);
}

/** Over the features of vectors. Source: the ONNX specification, LayerNormalization-17. */
function layerNormalization(call: OperatorCall): LayerValue {
  const input = call.vectorInput(0);
  const axis = call.integer('axis', -1);
  if (axis !== -1 && axis !== 1) throw call.refusal('LayerNormalization along the last axis', `axis ${axis}`);
  call.spend(2 * input.shape[0]!);
  // The specification wants gamma, but PyTorch leaves it out where a LayerNorm has no weights.
  const { shape, data } = call.input(1) ? call.constantInput(1) : filled(input.shape, 1);
  const beta = call.input(2) ? call.constantInput(2) : filled(input.shape, 0);
  const attributes = { epsilon: decimalOf(call.real('epsilon', Math.fround(1e-5))) };
  const params = { gamma: { shape, data }, beta: { shape: beta.shape, data: beta.data } };
  return call.addLayer('layerNorm', [input], attributes, params);
}

/**
 * (x - mean) / Sqrt(variance + epsilon), with stored statistics or those of the channels of each sample: a batchNorm or
 * layerNorm of gamma 1 and beta 0, which the Mul and Add that may follow become part of. Undefined where the operator,
 * a Div, is not the end of that.
 */
export function writtenOutNorm(call: OperatorCall): LayerValue | undefined {
  const [centred = '', deviation = ''] = call.operator.inputs;
  const [source = '', mean = ''] = call.inputsOfMaker(centred, 'Sub') ?? [];
  const [total = ''] = call.inputsOfMaker(deviation, 'Sqrt') ?? [];
  const terms = call.inputsOfMaker(total, 'Add') ?? [];
  if (source === '' || terms.length !== 2) return undefined;
  const x = call.value(source);
  const [variance, epsilon] = apart(call, terms as [string, string]);
  const small = scalarOf(call.value(epsilon));
  if (x.type !== 'layer' || small === undefined) return undefined;
  const settings = { epsilon: decimalOf(small) };
  const [means, variances] = [mean, variance].map((name) => {
    const value = call.value(name);
    return value.type === 'constant' ? perChannel(call, value, x.shape) : undefined;
  });
  const channels = x.shape.slice(0, 1);
  call.spend(2 * channels[0]!);
  if (means && variances) {
    const params = { gamma: filled(channels, 1), beta: filled(channels, 0), mean: means, variance: variances };
    return call.addLayer('batchNorm', [x], settings, params, x.shape);
  }
  const ownMean = meanOverChannels(call, mean, x) === source;
  const squares = meanOverChannels(call, variance, x);
  if (!ownMean || squares === undefined || !isSquareOf(call, squares, centred)) return undefined;
  return call.addLayer('layerNorm', [x], settings, { gamma: filled(channels, 1), beta: filled(channels, 0) }, x.shape);
}

/** The variance and the epsilon of a sum of both: of two stored numbers the one with fewer axes is epsilon. */
function apart(call: OperatorCall, [one, other]: [string, string]): [variance: string, epsilon: string] {
  const axes = (name: string): number => {
    const value = call.value(name);
    return value.type === 'constant' ? value.shape.length : Infinity;
  };
  return axes(other) <= axes(one) ? [one, other] : [other, one];
}

/** What `name` is the mean of, over the channels of a tensor like `x`. */
function meanOverChannels(call: OperatorCall, name: string, x: LayerValue): string | undefined {
  const maker = call.maker(name, 'ReduceMean');
  const [axis, ...more] = maker?.integersInput(1, 'axes') ?? [];
  const rank = x.shape.length + 1;
  const isOverChannels = axis !== undefined && more.length === 0 && (axis === 1 || axis + rank === 1);
  return isOverChannels && maker!.integer('keepdims', 1) === 1 ? maker!.operator.inputs[0] : undefined;
}

function isSquareOf(call: OperatorCall, name: string, root: string): boolean {
  const [base, exponent = ''] = call.inputsOfMaker(name, 'Pow') ?? [];
  if (base === root && scalarOf(call.value(exponent)) === 2) return true;
  const factors = call.inputsOfMaker(name, 'Mul') ?? [];
  return factors.length === 2 && factors.every((factor) => factor === root);
}

export const normalization: Readonly<Record<string, Translation>> = {
  BatchNormalization: batchNormalization,
  LayerNormalization: layerNormalization,
};
