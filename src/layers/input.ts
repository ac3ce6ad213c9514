// The input layer: where samples enter, and what shape they have.
import { z } from 'zod';
import { NeurostitchError } from '../errors.ts';
import { defineLayer } from './layer-kind.ts';
import { anything } from './range.ts';

const settings = z.strictObject({ shape: z.array(z.int().positive()).min(1).max(3) });

export const input = defineLayer({
  kind: 'input',
  arity: { min: 0, max: 0 },
  attributes: settings,
  options: settings,
  params: {},
  create: (options) => ({ attributes: options, params: {} }),
  outputShape: ({ attributes }) => attributes.shape,
  macs: () => 0,
  range: () => anything,
  channels: () => ({ flow: 'locked', reason: 'the input has the channels of the data' }),
  reference: { forward: fed, backward: fed },
  onnx: { forward: fed, gradient: fed },
  tfjs: fed,
});

// Engines feed the input node themselves.
function fed(): never {
  throw new NeurostitchError(
    'bad-network',
    'Expected the input node to be fed by the engine, got a call to compute it',
  );
}
