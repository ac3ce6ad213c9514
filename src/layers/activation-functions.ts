// The element-wise functions that activation and actiSwitch share: value, derivative, bounds and ONNX form of each.
import { elementTypes, float, type OnnxGraph, type OnnxValue } from '../engine/onnx/onnx-graph.ts';
import type { Tfjs, TfjsTensor } from '../engine/tfjs/tfjs.ts';
import type { Range } from './range.ts';

export interface ActivationFunction {
  value(x: number): number;
  /** Derivative at x, where y = value(x); at a kink the right or left limit. */
  derivative(x: number, y: number): number;
  /** Bounds of the output for inputs within `range`. */
  range(range: Range): Range;
  /** Where value(x) = x, if anywhere: there the function is idempotent. */
  readonly identityOn?: Range;
  /** kappa such that x = kappa * (value(x) - value(-x)) for every x, if there is one. */
  readonly mirror?: number;
  onnxValue(graph: OnnxGraph, x: OnnxValue): OnnxValue;
  onnxDerivative(graph: OnnxGraph, x: OnnxValue, y: OnnxValue): OnnxValue;
  tfjsValue(tf: Tfjs, x: TfjsTensor): TfjsTensor;
}

const leakySlope = 0.01;

const sigmoidOf = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)));
const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
const normalDistribution = (x: number): number => 0.5 * (1 + errorFunction(x / Math.SQRT2));

/** For a non-decreasing function the ends of the interval are enough. */
const monotone =
  (value: (x: number) => number) =>
  ({ low, high }: Range): Range => ({ low: value(low), high: value(high) });

export const relu: ActivationFunction = {
  value: (x) => Math.max(x, 0),
  derivative: (x) => (x > 0 ? 1 : 0),
  range: monotone((x) => Math.max(x, 0)),
  identityOn: { low: 0, high: Infinity },
  mirror: 1,
  onnxValue: (graph, x) => graph.op('Relu', [x]),
  // Faster than the sign of y, which onnxruntime takes value by value on one thread.
  onnxDerivative: (graph, _, y) =>
    graph.op('Cast', [graph.op('Greater', [y, graph.scalar(0)])], { to: elementTypes.float }),
  tfjsValue: (tf, x) => tf.relu(x),
};

export const leakyRelu: ActivationFunction = {
  value: (x) => (x >= 0 ? x : leakySlope * x),
  derivative: (x) => (x >= 0 ? 1 : leakySlope),
  range: monotone((x) => (x >= 0 ? x : leakySlope * x)),
  identityOn: { low: 0, high: Infinity },
  mirror: 1 / (1 + leakySlope),
  onnxValue: (graph, x) => graph.op('LeakyRelu', [x], { alpha: float(leakySlope) }),
  onnxDerivative: (graph, x) =>
    graph.op('Where', [graph.op('Less', [x, graph.scalar(0)]), graph.scalar(leakySlope), graph.scalar(1)]),
  tfjsValue: (tf, x) => tf.leakyRelu(x, leakySlope),
};

export const elu: ActivationFunction = {
  value: (x) => (x >= 0 ? x : Math.expm1(x)),
  derivative: (x, y) => (x >= 0 ? 1 : y + 1),
  range: monotone((x) => (x >= 0 ? x : Math.expm1(x))),
  identityOn: { low: 0, high: Infinity },
  onnxValue: (graph, x) => graph.op('Elu', [x]),
  onnxDerivative: (graph, _, y) => graph.op('Add', [graph.op('Min', [y, graph.scalar(0)]), graph.scalar(1)]),
  tfjsValue: (tf, x) => tf.elu(x),
};

/** Source: Hendrycks and Gimpel 2016, the exact form x * Phi(x). */
export const gelu: ActivationFunction = {
  value: (x) => (x === -Infinity ? 0 : x * normalDistribution(x)),
  derivative: (x) => normalDistribution(x) + x * normalDensity(x),
  // The minimum is -0.16997... at x = -0.7518; a little slack keeps the bound safe.
  range: ({ low, high }) => ({ low: low >= 0 ? gelu.value(low) : -0.17, high: Math.max(gelu.value(high), 0) }),
  mirror: 1,
  onnxValue: (graph, x) => graph.op('Gelu', [x]),
  onnxDerivative(graph, x) {
    const half = graph.scalar(0.5);
    const erf = graph.op('Erf', [graph.op('Mul', [x, graph.scalar(Math.SQRT1_2)])]);
    const distribution = graph.op('Add', [graph.op('Mul', [erf, half]), half]);
    const exponent = graph.op('Mul', [graph.op('Mul', [x, x]), graph.scalar(-0.5)]);
    const density = graph.op('Mul', [graph.op('Exp', [exponent]), graph.scalar(1 / Math.sqrt(2 * Math.PI))]);
    return graph.op('Add', [distribution, graph.op('Mul', [x, density])]);
  },
  tfjsValue: (tf, x) => tf.mul(x, tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5)),
};

/** Source: Elfwing et al. 2017, x * sigmoid(x). */
export const silu: ActivationFunction = {
  value: (x) => (x === -Infinity ? 0 : x * sigmoidOf(x)),
  derivative(x) {
    const s = sigmoidOf(x);
    return s * (1 + x * (1 - s));
  },
  // The minimum is -0.27846... at x = -1.2785.
  range: ({ low, high }) => ({ low: low >= 0 ? silu.value(low) : -0.2785, high: Math.max(silu.value(high), 0) }),
  mirror: 1,
  onnxValue: (graph, x) => graph.op('Mul', [x, graph.op('Sigmoid', [x])]),
  onnxDerivative(graph, x) {
    const s = graph.op('Sigmoid', [x]);
    const one = graph.scalar(1);
    const rest = graph.op('Mul', [x, graph.op('Sub', [one, s])]);
    return graph.op('Mul', [s, graph.op('Add', [one, rest])]);
  },
  tfjsValue: (tf, x) => tf.mul(x, tf.sigmoid(x)),
};

export const softplus: ActivationFunction = {
  value: softplusOf,
  derivative: (x) => sigmoidOf(x),
  range: monotone(softplusOf),
  mirror: 1,
  onnxValue: (graph, x) => graph.op('Softplus', [x]),
  onnxDerivative: (graph, x) => graph.op('Sigmoid', [x]),
  tfjsValue: (tf, x) => tf.softplus(x),
};

export const tanh: ActivationFunction = {
  value: Math.tanh,
  derivative: (_, y) => 1 - y * y,
  range: monotone(Math.tanh),
  onnxValue: (graph, x) => graph.op('Tanh', [x]),
  onnxDerivative: (graph, _, y) => graph.op('Sub', [graph.scalar(1), graph.op('Mul', [y, y])]),
  tfjsValue: (tf, x) => tf.tanh(x),
};

export const sigmoid: ActivationFunction = {
  value: sigmoidOf,
  derivative: (_, y) => y * (1 - y),
  range: monotone(sigmoidOf),
  onnxValue: (graph, x) => graph.op('Sigmoid', [x]),
  onnxDerivative: (graph, _, y) => graph.op('Mul', [y, graph.op('Sub', [graph.scalar(1), y])]),
  tfjsValue: (tf, x) => tf.sigmoid(x),
};

/** Every activation function by its name in a model. */
export const activationFunctions = { relu, leakyRelu, elu, gelu, silu, softplus, tanh, sigmoid };

/** The names of the activation functions. */
export type ActivationName = keyof typeof activationFunctions;
export const activationNames = Object.keys(activationFunctions) as [ActivationName, ...ActivationName[]];

function softplusOf(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/**
 * erf to float64 accuracy, by the series 2/sqrt(pi) * exp(-x^2) * sum of 2^n x^(2n+1) / (2n+1)!!, whose terms all
 * have one sign. Source: NIST Digital Library of Mathematical Functions, 7.6.2.
 */
function errorFunction(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let total = x;
  for (let n = 1; Math.abs(term) > Math.abs(total) * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}
