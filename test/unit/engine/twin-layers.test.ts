// Two layers of equal weights are computed once; after training, which may have told them apart, each by itself.
import { expect, test } from 'vitest';
import { onnxEngine } from '../../../src/engine/onnx/onnx-engine.ts';
import { referenceEngine } from '../../../src/engine/reference/reference-engine.ts';
import { tfjsEngine } from '../../../src/engine/tfjs/tfjs-engine.ts';
import { NetworkBuilder } from '../../../src/network/network-builder.ts';
import { RandomStream } from '../../../src/random/stream.ts';
import { sgd } from '../../../src/training/optimisers/sgd.ts';
import { expectClose } from '../../helpers/compare.ts';

const builder = new NetworkBuilder([3], RandomStream.fromSeed(1));
const input = builder.last;
const branches = [builder.layer('dense', { units: 4 }, [input]), builder.layer('dense', { units: 4 }, [input])];
builder.layer('concat', {}, branches);
builder.layer('activation', { function: 'tanh' });
builder.layer('dense', { units: 2 });
const { nodes } = builder.build();
const [first] = nodes.filter(({ id }) => branches.includes(id));
const network = {
  nodes: nodes.map((node) => (branches.includes(node.id) ? { ...node, params: first!.params } : node)),
};

test.each([referenceEngine, onnxEngine(), await tfjsEngine({ backend: 'cpu' })])('$name', async (engine) => {
  const program = await engine.compile([network]);
  const batch = { size: 2, data: Float32Array.of(1, 2, 3, -1, 0.5, 1) };
  const compare = async (): Promise<void> => {
    const [values] = await program.forward(batch);
    const fresh = await referenceEngine.compile([(await program.snapshot()).network]);
    const [wanted] = await fresh.forward(batch);
    expectClose(values!, wanted!, 1e-5, 'output');
  };
  await compare();
  for (let step = 0; step < 5; step++) await program.step(batch, Float32Array.of(1, 0, 0, 1), sgd(0.3));
  const trained = (await program.snapshot()).network.nodes.filter(({ id }) => branches.includes(id));
  expect(trained[0]!.params.weight!.data).not.toEqual(trained[1]!.params.weight!.data);
  await compare();
  await program.dispose();
});
