// The reshape layer undoes flatten, and takes only vectors that fill its pixels.
import { expect, test } from 'vitest';
import { referenceEngine } from '../../../src/engine/reference/reference-engine.ts';
import { importOnnx } from '../../../src/formats/onnx/import-onnx.ts';
import { exportOnnx } from '../../../src/formats/onnx/export-onnx.ts';
import { networkHash } from '../../../src/network/hash.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import { layersOf } from '../../../src/network/shapes.ts';
import { RandomStream } from '../../../src/random/stream.ts';

test('behind flatten it gives the image back, and comes through ONNX', async () => {
  const net = new NetworkBuilder([3, 2, 5], RandomStream.fromSeed(1));
  net.layer('flatten');
  net.layer('reshape', { size: [2, 5] });
  const network = net.build();
  expect(layersOf(network).get('reshape')!.output).toEqual([3, 2, 5]);
  const data = Float32Array.from({ length: 60 }, (_, at) => at);
  const program = await referenceEngine.compile([network]);
  expect(Array.from((await program.forward({ size: 2, data }))[0]!)).toEqual(Array.from(data));
  expect(networkHash(importOnnx(exportOnnx(network)).network)).toBe(networkHash(network));
});

test('images, and vectors that leave pixels over, are refused', () => {
  const image = new NetworkBuilder([3, 2, 5], RandomStream.fromSeed(1));
  expect(() => image.layer('reshape', { size: [2, 5] })).toThrow('Expected a vector of a multiple of 10 features');
  image.layer('flatten');
  expect(() => image.layer('reshape', { size: [4, 1] })).toThrow(
    'multiple of 4 features as input of reshape, got [30]',
  );
  expect(() => image.layer('reshape', { size: [0, 5] })).toThrow();
});
