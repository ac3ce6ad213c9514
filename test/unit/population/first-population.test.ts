// The default first networks, for images of any size.
import { expect, test } from 'vitest';
import { firstPopulation } from '../../../population/first-population.ts';
import { onnxEngine } from '../../../src/engine/onnx/onnx-engine.ts';
import { conv2dWindow, everyTapReads, type Conv2dAttributes } from '../../../src/layers/convolution-geometry.ts';
import type { LayerInstance } from '../../../src/layers/layer-kind.ts';
import type { Network } from '../../../src/network/network.ts';
import { layersOf, outputShape } from '../../../src/network/shapes.ts';
import { sizeOf } from '../../../src/network/tensor.ts';
import { validate } from '../../../src/network/validate.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { sgd } from '../../../src/training/optimisers/sgd.ts';

const networksFor = (shape: readonly number[], classes: number): Network[] =>
  firstPopulation(shape, classes, RandomStream.fromSeed(1)).map(({ network }) => network);

const kernelsOf = (network: Network): LayerInstance<Conv2dAttributes>[] =>
  network.nodes
    .filter(({ kind }) => kind === 'conv2d')
    .map(({ id }) => layersOf(network).get(id) as LayerInstance<Conv2dAttributes>);

test('images of 1 to 6 by 1 to 50 pixels: six networks that fit, without idle kernel taps', () => {
  for (let height = 1; height <= 6; height++) {
    for (let width = 1; width <= 50; width++) {
      const networks = networksFor([2, height, width], 3);
      expect(networks).toHaveLength(6);
      for (const network of networks) {
        validate(network);
        expect(outputShape(network)).toEqual([3]);
        for (const layer of kernelsOf(network)) {
          expect(everyTapReads(layer.inputs[0]!, conv2dWindow(layer))).toBe(true);
        }
      }
    }
  }
});

test.each([[[1, 1, 1]], [[1, 2, 3]], [[2, 1, 40]], [[1, 50, 3]]])(
  'for images of %j every parameter learns',
  async (shape) => {
    const rng = RandomStream.fromSeed(2);
    const engine = onnxEngine({ threads: 1 });
    const size = 32;
    const batch = { size, data: Float32Array.from({ length: size * sizeOf(shape) }, () => rng.normal()) };
    const targets = Float32Array.from({ length: size * 2 }, (_, at) => Number((at >> 1) % 2 === at % 2));
    for (const network of networksFor(shape, 2)) {
      const program = await engine.compile([network]);
      await program.step(batch, targets, sgd(0.1));
      const { network: trained } = await program.snapshot();
      await program.dispose();
      trained.nodes.forEach(({ id, params }, i) => {
        for (const [name, value] of Object.entries(params)) {
          expect(value.data, `${id}.${name}`).not.toEqual(network.nodes[i]!.params[name]!.data);
        }
      });
    }
  },
);

test('other shapes, sizes and classes are refused', () => {
  const make = (shape: readonly number[], classes: number) => () => networksFor(shape, classes);
  expect(make([64], 10)).toThrow('Expected images [channels, height, width], got [64]');
  expect(make([1, 0, 8], 10)).toThrow('input.shape.1');
  expect(make([1, 8, 8], 0)).toThrow('units');
});
