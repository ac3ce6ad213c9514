import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OnnxGraph } from '../../../src/engine/onnx/onnx-graph.ts';
import { createSession, floats, ortTensor } from '../../../src/engine/onnx/session.ts';
import { layerKind } from '../../../src/layers/registry.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { expectClose } from '../../helpers/compare.ts';
import { expectLayer, layerOf } from './layer-case.ts';

describe('resize', () => {
  test('bilinear weighs the two neighbours, and repeats the border', () =>
    expectLayer(
      {
        kind: 'resize',
        options: { size: [1, 4] },
        inputs: [
          [
            [1, 1, 2],
            [0, 4],
          ],
        ],
        gradient: [1, 2, 3, 4],
      },
      { shape: [1, 1, 4], output: [0, 1, 3, 4], inputs: [[3.25, 6.75]] },
    ));

  test('bilinear works on rows and columns, and shrinks by its neighbours alone', () =>
    expectLayer(
      {
        kind: 'resize',
        options: { size: [2, 1], mode: 'bilinear' },
        inputs: [
          [
            [1, 4, 2],
            [0, 2, 2, 4, 4, 6, 6, 8],
          ],
        ],
        gradient: [4, 8],
      },
      { shape: [1, 2, 1], output: [2, 6], inputs: [[1, 1, 1, 1, 2, 2, 2, 2]] },
    ));

  test('nearest takes the closer pixel, the later of two', () =>
    expectLayer(
      {
        kind: 'resize',
        options: { size: [2, 3], mode: 'nearest' },
        inputs: [
          [
            [1, 3, 2],
            [1, 2, 3, 4, 5, 6],
          ],
        ],
        gradient: [1, 2, 3, 4, 5, 6],
      },
      { shape: [1, 2, 3], output: [1, 2, 2, 5, 6, 6], inputs: [[1, 5, 0, 0, 4, 11]] },
    ));

  test('does what the ONNX operator Resize does', async () => {
    const side = fc.integer({ min: 1, max: 9 });
    const pair = fc.tuple(side, side);
    const property = fc.asyncProperty(pair, pair, fc.nat(1000), async ([height, width], size, seed) => {
      const shape = [2, height, width];
      const rng = RandomStream.fromSeed(seed);
      const values = Float32Array.from({ length: 2 * height * width }, () => rng.normal());
      for (const [mode, name] of [
        ['bilinear', 'linear'],
        ['nearest', 'nearest'],
      ] as const) {
        const graph = new OnnxGraph();
        const operands = [graph.input('x', [1, ...shape]), '', '', graph.integers([1, 2, ...size])];
        const settings = {
          mode: name,
          coordinate_transformation_mode: 'half_pixel',
          nearest_mode: 'round_prefer_ceil',
        };
        graph.output('y', graph.op('Resize', operands, settings), [1, 2, ...size]);
        const session = await createSession(graph, {});
        const wanted = floats(await session.run({ x: ortTensor([1, ...shape], values) }), 'y');
        await session.release();
        const layer = layerOf({ kind: 'resize', options: { size, mode }, inputs: [[shape, []]] });
        const call = { layer, params: {}, inputs: [Float64Array.from(values)], batch: 1, mode: 'eval' as const };
        expectClose(layerKind('resize').reference.forward(call).output, wanted, 1e-5, mode);
      }
    });
    await fc.assert(property, { numRuns: 40 });
  });

  test('refuses vectors, sizes of 0 and modes it does not know', () => {
    const resized = (options: object, shape = [1, 2, 2]): (() => unknown) => {
      return () => layerOf({ kind: 'resize', options: { ...options }, inputs: [[shape, []]] });
    };
    expect(resized({ size: 3 }, [4])).toThrow(
      'Expected an image [channels, height, width] as input of resize, got [4]',
    );
    expect(resized({ size: [0, 2] })).toThrow();
    expect(resized({})).toThrow();
    expect(resized({ size: 3, mode: 'bicubic' })).toThrow();
    expect(resized({ size: 3 })).not.toThrow();
  });
});
