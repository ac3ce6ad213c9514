// A network that PyTorch has exported trains on here as it does there: an oracle that shares no code with ours.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { onnxEngine } from '../../../src/engine/onnx/onnx-engine.ts';
import { referenceEngine } from '../../../src/engine/reference/reference-engine.ts';
import { tfjsEngine } from '../../../src/engine/tfjs/tfjs-engine.ts';
import { importOnnx } from '../../../src/formats/onnx/import-onnx.ts';
import { meanSquaredError } from '../../../src/training/losses/mean-squared-error.ts';
import { adam } from '../../../src/training/optimisers/adam.ts';
import { sgd } from '../../../src/training/optimisers/sgd.ts';
import { expectClose } from '../../helpers/compare.ts';

/** Convolutions with stride, dilation, groups and uneven pads, batch norm of momentum 0.05, SiLU, softmax. */
const file = fileURLToPath(new URL('../../fixtures/onnx/mobile.onnx', import.meta.url));
const { network } = importOnnx(readFileSync(file));

const size = 4;
const batchOf = (step: number) => ({
  size,
  data: Float32Array.from({ length: size * 2 * 11 * 8 }, (_, i) => Math.sin(1.3 * i + step)),
});
const labels = [0, 3, 1, 4];
const targets = Float32Array.from({ length: size * 5 }, (_, i) => Number(labels[Math.floor(i / 5)] === i % 5));

// PyTorch 1.13 in float64 on the weights of the file, five steps in train mode on the batches above, mse_loss;
// then the first outputs for the first batch in eval mode, and the norm's running statistics.
const cases = [
  {
    name: 'SGD(lr=0.5, momentum=0.9, nesterov=True)',
    optimiser: sgd(0.5, { momentum: 0.9, nesterov: true }),
    losses: [0.16066784945217483, 0.16014234272974429, 0.15939282651437772, 0.1587930516868836, 0.1580745814799408],
    outputs: [0.18295601440361806, 0.14385397803916508, 0.1355809121432145, 0.2909709454417984, 0.24663814997220396],
    mean: [-0.20080590366, -0.12260784537, -0.27539363659, -0.10923714144, 0.09573059445, 0.26883760992],
    variance: [1.15194725371, 0.47657426992, 0.4073423443, 1.08499014405, 0.75555258301, 0.9875412729],
  },
  {
    name: 'Adam(lr=0.01)',
    optimiser: adam(0.01),
    losses: [0.16066784945217483, 0.1589821361737848, 0.15768541643513148, 0.1566484271740877, 0.15577778727422298],
    outputs: [0.18905908345883057, 0.16868717730220426, 0.11310977563691706, 0.2617075217198762, 0.2674364418821721],
    mean: [-0.19960606681, -0.124896131, -0.27574940086, -0.11310600282, 0.10672111569, 0.26893992521],
    variance: [1.15691102424, 0.47734053174, 0.41429106819, 1.08585069, 0.7562554968, 0.9876738629],
  },
];

describe.each([referenceEngine, onnxEngine(), await tfjsEngine({ backend: 'cpu' })])('$name engine', (engine) => {
  test.each(cases)('$name', async ({ optimiser, losses, outputs, mean, variance }) => {
    const program = await engine.compile([network]);
    for (const [step, loss] of losses.entries()) {
      const metrics = await program.step(batchOf(step), targets, optimiser, { loss: meanSquaredError });
      expect(metrics.loss, `step ${step}`).toBeCloseTo(loss, 6);
    }
    const [after] = await program.forward(batchOf(0));
    expectClose(after!.slice(0, 5), outputs, 1e-5, 'outputs');
    const norm = (await program.snapshot()).network.nodes.find(({ kind }) => kind === 'batchNorm')!;
    expectClose(norm.params.mean!.data, mean, 1e-5, 'running mean');
    expectClose(norm.params.variance!.data, variance, 1e-5, 'running variance');
    await program.dispose();
  });
});
