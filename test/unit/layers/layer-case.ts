// One layer on its own, computed by the reference and by onnxruntime, for cases small enough to work out by hand.
import { expect } from 'vitest';
import { OnnxGraph } from '../../../src/engine/onnx/onnx-graph.ts';
import { createSession, floats, ortTensor } from '../../../src/engine/onnx/session.ts';
import type { LayerInstance, LayerKind, Mode } from '../../../src/layers/layer-kind.ts';
import { layerKind } from '../../../src/layers/registry.ts';
import { sizeOf, tensor, type Shape, type Tensor } from '../../../src/network/tensor.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { expectClose, largest, relativeError } from '../../helpers/compare.ts';

export interface LayerCase {
  readonly kind: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Parameters that replace the first ones, by name. */
  readonly params?: Readonly<Record<string, readonly number[]>>;
  /** [shape of one sample, values of the whole batch]. */
  readonly inputs: readonly (readonly [shape: Shape, values: readonly number[]])[];
  readonly mode?: Mode;
  readonly noise?: readonly number[];
  /** By the output. */
  readonly gradient?: readonly number[];
}

export interface Wanted {
  readonly shape: Shape;
  readonly output: readonly number[];
  readonly statistics?: Readonly<Record<string, readonly number[]>>;
  /** Gradients by the inputs and by the parameters. */
  readonly inputs?: readonly (readonly number[])[];
  readonly params?: Readonly<Record<string, readonly number[]>>;
}

type Computed = Readonly<Record<string, ArrayLike<number>>>;

/** The layer of a case with the shapes around it; throws what the kind throws. */
export function layerOf({ kind: name, options = {}, params = {}, inputs }: LayerCase): LayerInstance {
  const kind = layerKind(name);
  const shapes = inputs.map(([shape]) => shape);
  const made = kind.create(kind.options.parse(options), shapes, RandomStream.fromSeed(1));
  const replaced = Object.entries(made.params).map(([param, value]): [string, Tensor] => [
    param,
    params[param] ? tensor(value.shape, Float32Array.from(params[param])) : value,
  ]);
  const layer = { attributes: made.attributes, params: Object.fromEntries(replaced), inputs: shapes };
  return { ...layer, output: kind.outputShape(layer) };
}

/** Checks both engines against what was worked out by hand. */
export async function expectLayer(own: LayerCase, wanted: Wanted): Promise<void> {
  const layer = layerOf(own);
  expect(layer.output).toEqual(wanted.shape);
  const lists: Record<string, readonly number[]> = { output: wanted.output };
  for (const [name, values] of Object.entries(wanted.statistics ?? {})) lists[`next ${name}`] = values;
  wanted.inputs?.forEach((values, i) => (lists[`input ${i}`] = values));
  for (const [name, values] of Object.entries(wanted.params ?? {})) lists[`param ${name}`] = values;
  const computed = { reference: onReference(layerKind(own.kind), layer, own), onnx: await onOnnx(layer, own) };
  for (const [engine, values] of Object.entries(computed)) {
    for (const [name, list] of Object.entries(lists)) {
      const got = Array.from(values[name]!);
      expect(relativeError(got, list), `${engine}: ${name} is ${got.join()}, not ${list.join()}`).toBeLessThan(1e-6);
    }
  }
}

/**
 * Checks that onnxruntime computes what the reference does, gradients included: these are measured against the largest
 * that arrives or leaves, since a bias has the sum of those that arrive, which may cancel.
 */
export async function expectAgreement(own: LayerCase, tolerance: number): Promise<void> {
  const layer = layerOf(own);
  const wanted = onReference(layerKind(own.kind), layer, own);
  const actual = await onOnnx(layer, own);
  expect(Object.keys(actual).sort()).toEqual(Object.keys(wanted).sort());
  const arriving = largest([own.gradient ?? []]);
  for (const [name, values] of Object.entries(wanted)) {
    expectClose(actual[name]!, values, tolerance, name, /^(input|param) /.test(name) ? arriving : undefined);
  }
}

function batchOf({ inputs }: LayerCase): number {
  const [shape, values] = inputs[0]!;
  return values.length / sizeOf(shape);
}

function onReference(kind: LayerKind, layer: LayerInstance, own: LayerCase): Computed {
  const params = Object.entries(layer.params).map(([name, { data }]) => [name, Float64Array.from(data)] as const);
  const call = {
    layer,
    params: Object.fromEntries(params),
    inputs: own.inputs.map(([, values]) => Float64Array.from(values)),
    batch: batchOf(own),
    mode: own.mode ?? 'eval',
    noise: own.noise && Float32Array.from(own.noise),
  };
  const { output, statistics = {} } = kind.reference.forward(call);
  const computed: Record<string, ArrayLike<number>> = { output };
  for (const [name, values] of Object.entries(statistics)) computed[`next ${name}`] = values;
  if (!own.gradient) return computed;
  const back = kind.reference.backward({ ...call, output, gradient: Float64Array.from(own.gradient) });
  back.inputs.forEach((values, i) => (computed[`input ${i}`] = values));
  for (const [name, values] of Object.entries(back.params)) computed[`param ${name}`] = values;
  return computed;
}

async function onOnnx(layer: LayerInstance, own: LayerCase): Promise<Computed> {
  const { onnx } = layerKind(own.kind);
  const batch = batchOf(own);
  const graph = new OnnxGraph();
  const fed = new Map<string, readonly [Shape, readonly number[]]>();
  const feed = (name: string, shape: Shape, values: readonly number[]): string => {
    fed.set(name, [[batch, ...shape], values]);
    return graph.input(name, [batch, ...shape]);
  };
  const call = {
    graph,
    layer,
    params: Object.fromEntries(
      Object.entries(layer.params).map(([name, { shape, data }]) => [name, graph.constant(shape, data)]),
    ),
    inputs: own.inputs.map(([shape, values], i) => feed(`fed ${i}`, shape, values)),
    batch,
    mode: own.mode ?? 'eval',
    noise: own.noise && feed('noise', layer.output, own.noise),
  };
  const { output, saved = {}, statistics = {} } = onnx.forward(call);
  graph.output('output', output, [batch, ...layer.output]);
  const sizes = (name: string): Shape => layer.params[name]!.shape;
  for (const [name, value] of Object.entries(statistics)) graph.output(`next ${name}`, value, sizes(name));
  if (own.gradient) {
    const gradient = feed('gradient', layer.output, own.gradient);
    const wanted = { inputs: own.inputs.map(() => true), params: true };
    const back = onnx.gradient({ ...call, output, saved, gradient, wanted });
    back.inputs.forEach((value, i) => {
      graph.output(`input ${i}`, value!, [batch, ...layer.inputs[i]!]);
    });
    for (const [name, value] of Object.entries(back.params)) graph.output(`param ${name}`, value, sizes(name));
  }
  const session = await createSession(graph, {});
  const feeds = [...fed].map(([name, [shape, values]]) => [name, ortTensor(shape, Float32Array.from(values))] as const);
  const results = await session.run(Object.fromEntries(feeds));
  await session.release();
  return Object.fromEntries(Object.keys(results).map((name) => [name, floats(results, name)]));
}
