// Compares what a smaller child computes, holds and learns with what its parent does.
import { expect } from 'vitest';
import { noisyNodes } from '../../src/engine/noise.ts';
import { referenceEngine } from '../../src/engine/reference/reference-engine.ts';
import type { Mode } from '../../src/layers/layer-kind.ts';
import { outputNode, type Network } from '../../src/network/network.ts';
import { adam } from '../../src/training/optimisers/adam.ts';
import type { TrainedNetwork } from '../../src/training/training-state.ts';
import { expectClose } from './compare.ts';
import { forwardValues } from './passes.ts';
import { randomInput, randomTargets } from './random-network.ts';

/** Samples that values are compared on. */
export const batch = 3;

/** Values of [rows, channels, ...], where channel c of `got` is channel places[c] of `wanted`. */
export function expectKept(
  got: Float64Array,
  wanted: Float64Array,
  rows: number,
  places: readonly number[],
  tolerance: number,
  what: string,
): void {
  const scale = wanted.reduce((high, x) => Math.max(high, Math.abs(x)), 1);
  const [width, wide] = [got.length / rows, wanted.length / rows];
  const plane = width / places.length;
  expect(Number.isInteger(plane), `${what}: ${width} values in ${places.length} channels`).toBe(true);
  got.forEach((value, i) => {
    const place = places[Math.floor((i % width) / plane)]!;
    const old = wanted[Math.floor(i / width) * wide + place * plane + (i % plane)]!;
    if (!(Math.abs(value - old) <= tolerance * scale)) {
      expect.fail(`${what}: entry ${i} of ${rows} x ${width} is ${value}, the parent's ${old}`);
    }
  });
}

export function expectSameOutput(
  parent: Network,
  child: Network,
  seed: number,
  mode: Mode,
  tolerance: number,
  what: string,
): void {
  const [before, after] = [parent, child].map((network) => {
    return forwardValues(network, batch, seed, mode).outputs.get(outputNode(network).id)!;
  });
  expectClose(after!, before!, tolerance, `${what} in ${mode} mode`, 1);
}

export function spread(data: Float32Array, count: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: count }, (_, i) => data[data.length === 1 ? 0 : i]!);
}

/** Of all there is, tensors' bytes included: their hashes are cached, and would not show a change. */
export function fingerprint({ network, state }: TrainedNetwork): string {
  const bytes = (_: string, value: unknown): unknown =>
    value instanceof Float32Array ? Buffer.from(value.buffer).toString('base64') : value;
  return JSON.stringify([network, state], bytes);
}

export function sameValues(a: Float32Array, b: Float32Array): boolean {
  return a.every((value, i) => value === b[i]);
}

/** Layers that draw noise are frozen: a child draws other noise than its parent. */
export async function stepped({ network, state }: TrainedNetwork, seed: number): Promise<Network> {
  const noisy = new Set(noisyNodes(network, { mode: () => 'train' }));
  const trainable = new Set(network.nodes.filter((node) => !noisy.has(node)).map(({ id }) => id));
  const program = await referenceEngine.compile([network], { state, trainable });
  await program.step({ size: batch, data: randomInput(network, batch, seed) }, randomTargets(batch, seed), adam(0.01));
  return (await program.snapshot()).network;
}

export function paramOf({ nodes }: Network, id: string, name: string): Float32Array<ArrayBuffer> {
  return nodes.find((node) => node.id === id)!.params[name]!.data;
}
