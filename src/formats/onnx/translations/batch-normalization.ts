// BatchNormalization in inference mode becomes a batchNorm layer.
import type { Params } from '../../../network/network.ts';
import type { OperatorCall, Translation } from '../operator-call.ts';
import { decimalOf, perChannel, scalarOf, type LayerValue, type Value } from '../value.ts';

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
  return call.addLayer('batchNorm', [call.layerInput(0)], attributes, Object.fromEntries(params));
}

export const normalization: Readonly<Record<string, Translation>> = { BatchNormalization: batchNormalization };

/**
 * The same written out, as our own export does: gamma * ((x - mean) / Sqrt(variance + epsilon)) + beta. Undefined where
 * the operator, an Add, is not the end of that.
 */
export function writtenOutBatchNorm(call: OperatorCall): LayerValue | undefined {
  for (const [scaled, beta] of bothWays(call.operator.inputs)) {
    for (const [normalised, gamma] of bothWays(call.inputsOfMaker(scaled, 'Mul'))) {
      const [centred = '', deviation = ''] = call.inputsOfMaker(normalised, 'Div') ?? [];
      const [source = '', mean = ''] = call.inputsOfMaker(centred, 'Sub') ?? [];
      const [total = ''] = call.inputsOfMaker(deviation, 'Sqrt') ?? [];
      for (const [variance, epsilon] of bothWays(call.inputsOfMaker(total, 'Add'))) {
        const small = scalarOf(call.value(epsilon));
        const x = call.value(source);
        if (small === undefined || x.type !== 'layer') continue;
        const params = channelParams(
          x,
          [gamma, beta, mean, variance].map((name) => call.value(name)),
        );
        if (params) return call.addLayer('batchNorm', [x], { epsilon: decimalOf(small) }, params, x.shape);
      }
    }
  }
  return undefined;
}

function channelParams(x: LayerValue, values: readonly Value[]): Params | undefined {
  const params = values.map((value) => (value.type === 'constant' ? perChannel(value, x.shape) : undefined));
  if (params.includes(undefined)) return undefined;
  return Object.fromEntries(parameters.map((name, index) => [name, params[index]!]));
}

function bothWays(pair: readonly string[] | undefined): [string, string][] {
  if (pair?.length !== 2) return [];
  return [
    [pair[0]!, pair[1]!],
    [pair[1]!, pair[0]!],
  ];
}
