// What `neurostitch train` does: a model file of a network that learned, from nothing or from another file.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readModelFile } from '../../../cli/model-file.ts';
import { trainModel, type TrainContext, type TrainSettings } from '../../../cli/train-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'neurostitch-train-'));
const settings = (name: string, changes: Partial<TrainSettings> = {}): TrainSettings => ({
  data: 'digits',
  out: join(folder, name),
  seed: 1,
  epochs: 2,
  batchSize: 64,
  learningRate: 0.01,
  optimiser: 'adam',
  smoothing: 0,
  engine: 'onnx-cpu',
  ...changes,
});
const context: TrainContext = { signal: new AbortController().signal, say: () => undefined };

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('a first network learns, and goes on from its file with the state of its optimiser', async () => {
  const first = await trainModel('mlp-16', settings('a.safetensors'), context);
  expect(first).toMatchObject({ epochs: 2, interrupted: false });
  expect(first.validation!.error).toBeLessThan(0.5);
  const further = await trainModel(first.model, settings('b.safetensors'), context);
  expect(further.validation!.loss).toBeLessThan(first.validation!.loss);
  // 1,079 samples are 17 batches of at most 64: ages tell that the second training went on counting.
  const { network, state } = await readModelFile(further.model);
  const { id } = network.nodes.at(-1)!;
  expect([...state.moments[id]!.weight!.age.data]).toEqual(expect.arrayContaining([4 * 17]));
  await expect(trainModel(first.model, settings('c.onnx', { optimiser: 'sgd' }), context)).rejects.toThrow(
    'Expected a training state of sgd',
  );
});

test('equal settings give equal files', async () => {
  const [one, other] = [settings('one.onnx', { epochs: 1 }), settings('other.onnx', { epochs: 1 })];
  await trainModel('cnn-4-8', one, context);
  await trainModel('cnn-4-8', other, context);
  expect(readFileSync(one.out)).toEqual(readFileSync(other.out));
});

test('what is told to stop is written as it is and not measured, also where the engine keeps the thread', async () => {
  const stopping = new AbortController();
  const say = (line: string): void => {
    // As a signal would: in a turn of the event loop.
    if (line.startsWith('epoch 1/'))
      setImmediate(() => {
        stopping.abort();
      });
  };
  const own = settings('stopped.onnx', { epochs: 9, engine: 'tfjs-cpu' });
  const result = await trainModel('mlp-16', own, { signal: stopping.signal, say });
  expect(result).toMatchObject({ epochs: 1, interrupted: true, validation: null, test: null });
  expect((await readModelFile(result.model)).network.nodes.length).toBeGreaterThan(3);
});

test('what is told to stop before its first step leaves no file', async () => {
  const stopping = new AbortController();
  const say = (line: string): void => {
    if (line.includes('samples to train')) stopping.abort();
  };
  const own = settings('never.onnx');
  await expect(trainModel('mlp-16', own, { signal: stopping.signal, say })).rejects.toThrow('nothing was written');
  expect(existsSync(own.out)).toBe(false);
});

test.each<[string, string, Partial<TrainSettings>, string]>([
  ['an unknown network', 'cnn', {}, 'Expected a model file (.onnx, .safetensors), or a network of mlp-16, '],
  ['another extension', 'mlp-16', { out: join(folder, 'x.txt') }, 'Expected a name that ends in .onnx or .safetensors'],
  ['a missing folder', 'mlp-16', { out: join(folder, 'no/x.onnx') }, 'Expected a place that can be written to'],
  ['a missing model', join(folder, 'no.onnx'), {}, 'Expected a model file, got none'],
])('%s is refused before any work', async (_, model, changes, message) => {
  const said: string[] = [];
  const say = (line: string): void => void said.push(line);
  await expect(trainModel(model, settings('x.onnx', changes), { ...context, say })).rejects.toThrow(message);
  expect(said.filter((line) => line.startsWith('epoch'))).toEqual([]);
  expect(existsSync(join(folder, 'x.onnx'))).toBe(false);
});
