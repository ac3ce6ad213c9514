import { describe, expect, test } from 'vitest';
import type { Engine, Program } from '../../../src/engine/engine.ts';
import { onnxEngine } from '../../../src/engine/onnx/onnx-engine.ts';
import { referenceEngine } from '../../../src/engine/reference/reference-engine.ts';
import { layerKind } from '../../../src/layers/registry.ts';
import { networkHash } from '../../../src/network/hash.ts';
import type { Network } from '../../../src/network/network.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import type { Shape } from '../../../src/network/tensor.ts';
import { RandomStream, type RandomStreamState } from '../../../src/random/stream.ts';
import { adam } from '../../../src/training/optimisers/adam.ts';
import { randomInput, randomTargets } from '../../helpers/random-network.ts';
import { expectLayer, layerOf } from './layer-case.ts';

const factors = (rate: number, shape: Shape, batch: number, seed = 'noise'): Float32Array =>
  layerKind('dropout').noise!(
    layerOf({ kind: 'dropout', options: { rate }, inputs: [[shape, []]] }),
    batch,
    RandomStream.fromSeed(seed),
  );

describe('dropout', () => {
  const layer = { kind: 'dropout', options: { rate: 0.75 } };

  test('does nothing in eval mode', () =>
    expectLayer(
      { ...layer, inputs: [[[3], [1, -2, 3]]], gradient: [4, 5, 6] },
      { shape: [3], output: [1, -2, 3], inputs: [[4, 5, 6]] },
    ));

  test('multiplies values and gradients by its factors in train mode', () =>
    expectLayer(
      { ...layer, mode: 'train', noise: [4, 0, 4], inputs: [[[3], [1, -2, 3]]], gradient: [4, 5, 6] },
      { shape: [3], output: [4, 0, 12], inputs: [[16, 0, 24]] },
    ));

  test('refuses train mode without noise', async () => {
    const run = expectLayer({ ...layer, mode: 'train', inputs: [[[1], [1]]] }, { shape: [1], output: [1] });
    await expect(run).rejects.toThrow('Expected noise for dropout in train mode, got none');
  });

  test('refuses rates that are none', () => {
    for (const rate of [1, -0.1, NaN, undefined]) {
      expect(() => layerOf({ kind: 'dropout', options: { rate }, inputs: [[[1], []]] })).toThrow();
    }
  });

  test('its range holds zeros, and what is scaled up in train mode', () => {
    const made = layerOf({ ...layer, inputs: [[[1], []]] });
    expect(layerKind('dropout').range(made, [{ low: 1, high: 2 }])).toEqual({ low: 0, high: 8 });
    expect(layerKind('dropout').range(made, [{ low: -1, high: -0.5 }])).toEqual({ low: -4, high: 0 });
  });
});

describe('the factors of dropout', () => {
  test('are 0 at the rate, else 1 / (1 - rate): the mean stays 1', () => {
    const values = factors(0.2, [10, 10, 10], 40);
    expect([...new Set(values)].sort()).toEqual([0, Math.fround(1 / 0.8)]);
    // Of 40,000 draws; the deviation of the share is 0.002.
    expect(values.filter((value) => value === 0).length / values.length).toBeCloseTo(0.2, 2);
    expect(values.reduce((total, value) => total + value, 0) / values.length).toBeCloseTo(1, 1.5);
    expect([...factors(0, [3], 2)]).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('of old channels stay when new ones come behind them', () => {
    const [old, wide] = [factors(0.5, [3, 2], 4), factors(0.5, [5, 2], 4)];
    for (let n = 0; n < 4; n++) expect(wide.slice(n * 10, n * 10 + 6)).toEqual(old.slice(n * 6, (n + 1) * 6));
  });
});

describe.each([referenceEngine, onnxEngine()])('training with dropout on the $name engine', (engine) => {
  const network = dropoutNetwork();
  const batch = { size: 6, data: randomInput(network, 6, 1) };
  const targets = randomTargets(6, 1);
  const steps = async (program: Program, count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await program.step(batch, targets, adam(0.01));
  };

  test('follows from the stream: the same seed trains the same network, another one another', async () => {
    const trained = async (seed: number): Promise<string> => {
      const program = await engine.compile([network], { noise: RandomStream.fromSeed(seed) });
      await steps(program, 3);
      return networkHash((await program.snapshot()).network);
    };
    expect(await trained(1)).toBe(await trained(1));
    expect(await trained(1)).not.toBe(await trained(2));
  });

  test('k + m steps are k steps, saving, loading, and m steps', async () => {
    const whole = await engine.compile([network], { noise: RandomStream.fromSeed(7) });
    await steps(whole, 5);
    const noise = RandomStream.fromSeed(7);
    const first = await engine.compile([network], { noise });
    await steps(first, 2);
    const saved = await first.snapshot();
    const place = JSON.parse(JSON.stringify(noise.state())) as RandomStreamState;
    const options = { state: saved.state, noise: RandomStream.fromState(place) };
    const second = await engine.compile([saved.network], options);
    await steps(second, 3);
    expect(networkHash((await second.snapshot()).network)).toBe(networkHash((await whole.snapshot()).network));
  });

  test('gradients are those of the next step, and leave the stream where it is', async () => {
    const noise = RandomStream.fromSeed(3);
    const program = await engine.compile([network], { noise });
    const before = noise.state();
    const { loss } = await program.gradients(batch, targets);
    expect((await program.gradients(batch, targets)).loss).toBe(loss);
    expect(noise.state()).toEqual(before);
    expect((await program.step(batch, targets, adam(0.01))).loss).toBeCloseTo(loss, 6);
    expect(noise.state()).not.toEqual(before);
    expect((await program.gradients(batch, targets)).loss).not.toBe(loss);
  });

  test('two dropout layers drop on their own', async () => {
    const lossOf = async (first: number, second: number): Promise<number> => {
      const program = await engine.compile([dropoutNetwork(first, second)], { noise: RandomStream.fromSeed(5) });
      return (await program.gradients(batch, targets)).loss;
    };
    const losses = await Promise.all([lossOf(0.5, 0), lossOf(0, 0.5), lossOf(0.5, 0.5), lossOf(0, 0)]);
    expect(new Set(losses.map((loss) => loss.toFixed(6))).size).toBe(4);
  });

  test('needs a stream, and says so, unless the layer is frozen', async () => {
    const step = async (program: Promise<Program>): Promise<unknown> =>
      (await program).step(batch, targets, adam(0.01));
    await expect(step(engine.compile([network]))).rejects.toThrow(
      'Expected a random stream as option "noise" to train dropout, got none (at dropout)',
    );
    await expect(step(engine.compile([network], { trainable: new Set(['dense']) }))).resolves.toBeDefined();
    await expect(step(engine.compile([network], { trainable: new Set(['dense', 'dropout']) }))).rejects.toThrow();
    await forwardNeedsNone(engine, network, batch.data);
  });
});

async function forwardNeedsNone(engine: Engine, network: Network, data: Float32Array): Promise<void> {
  const program = await engine.compile([network]);
  expect((await program.forward({ size: 6, data }))[0]).toHaveLength(18);
}

function dropoutNetwork(first = 0.5, second = 0.5): Network {
  const net = new NetworkBuilder([4], RandomStream.fromSeed(1));
  net.layer('dense', { units: 8 });
  net.layer('dropout', { rate: first });
  net.layer('dropout', { rate: second });
  net.layer('dense', { units: 3 });
  return net.build();
}
