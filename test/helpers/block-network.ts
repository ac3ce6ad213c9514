// Random networks made of the blocks that people build: residual loops, forks, norms, flattened images. Purely random
// DAGs hold few of them, and channels that hang together over such blocks are where growing goes wrong.
import fc from 'fast-check';
import { activationNames } from '../../src/layers/activation-functions.ts';
import { NetworkBuilder } from '../../src/network/network-builder.ts';
import type { Network } from '../../src/network/network.ts';
import { outputShape } from '../../src/network/shapes.ts';
import type { Shape } from '../../src/network/tensor.ts';
import { validate } from '../../src/network/validate.ts';
import { RandomStream } from '../../src/random/stream.ts';
import { classes, lively } from './random-network.ts';

const blockNames = [
  'layer',
  'activation',
  'norm',
  'residual',
  'fork',
  'switch',
  'pool',
  'flatten',
  'join',
  'grouped',
] as const;

export interface BlockRecipe {
  readonly seed: number;
  readonly input: Shape;
  readonly blocks: readonly { readonly block: (typeof blockNames)[number]; readonly variant: number }[];
}

export function blockRecipes(maxBlocks: number): fc.Arbitrary<BlockRecipe> {
  const image = fc.tuple(fc.integer({ min: 1, max: 2 }), fc.constantFrom(3, 4, 5), fc.constantFrom(2, 3, 5));
  return fc.record({
    seed: fc.nat(1_000_000),
    input: fc.oneof(
      { weight: 3, arbitrary: image },
      { weight: 1, arbitrary: fc.tuple(fc.integer({ min: 1, max: 5 })) },
    ),
    blocks: fc.array(fc.record({ block: fc.constantFrom(...blockNames), variant: fc.nat(23) }), {
      maxLength: maxBlocks,
    }),
  });
}

export function buildBlocks({ seed, input, blocks }: BlockRecipe): Network {
  const rng = RandomStream.fromSeed(seed);
  const builder = new NetworkBuilder(input, rng);
  const isImage = (): boolean => outputShape(builder.build()).length === 3;
  const channels = (): number => outputShape(builder.build())[0]!;
  const weighted = (from: string, width: number, kernel: number, variant: number): string => {
    const bias = variant % 5 !== 4;
    if (!isImage()) return builder.layer('dense', { units: width, bias }, [from]);
    return builder.layer('conv2d', { channels: width, kernel: [kernel, 1 + (kernel % 3)], bias }, [from]);
  };
  const bent = (variant: number): string =>
    builder.layer('activation', { function: activationNames[variant % activationNames.length]! });
  const makers: Readonly<Record<(typeof blockNames)[number], (from: string, variant: number) => void>> = {
    layer: (from, variant) => weighted(from, 1 + (variant % 4), 1 + (variant % 3), variant),
    activation: (_, variant) => bent(variant),
    norm: (_, variant) =>
      variant % 4 === 3 && channels() > 1
        ? builder.layer('layerNorm', { epsilon: 1e-2 })
        : builder.layer('batchNorm', { epsilon: variant % 2 === 0 ? 1e-5 : 1e-2 }),
    residual(from, variant) {
      const width = channels();
      weighted(from, variant % 2 === 0 ? width : 1 + (variant % 3), 1 + (variant % 3), variant);
      if (variant % 3 === 0) builder.layer('batchNorm');
      weighted(bent(variant), width, 2, variant + 1);
      builder.layer('add', {}, [builder.last, from]);
    },
    fork(from, variant) {
      const width = 1 + (variant % 3);
      const one = weighted(from, width, 1 + (variant % 3), variant);
      const other = weighted(from, width, 3, variant + 2);
      builder.layer(variant % 2 === 0 ? 'add' : 'average', {}, [one, other]);
    },
    switch: (_, variant) => builder.layer('actiSwitch', { function: activationNames[variant % 5]! }),
    pool: (_, variant) =>
      isImage() && builder.layer('maxPool', { kernel: 2, stride: 1 + (variant % 2), padding: 'same' }),
    flatten: () => isImage() && builder.layer('flatten'),
    // Blocks of one or two channels become blocks of one to three.
    grouped(from, variant) {
      if (!isImage()) return;
      weighted(from, 4, 1, variant);
      if (variant % 2 === 0) bent(variant);
      const groups = variant % 3 === 0 ? 4 : 2;
      builder.layer('conv2d', { channels: groups * (1 + (variant % 3)), kernel: [1, 2], groups });
    },
    // The same channels may come twice, before and behind others.
    join(from, variant) {
      const one = weighted(from, 1 + (variant % 3), 1 + (variant % 2), variant);
      const other = weighted(from, 1 + (variant % 2), 2, variant + 1);
      builder.layer('concat', {}, [
        one,
        other,
        ...(variant % 3 === 0 ? [one] : []),
        ...(variant % 4 === 0 ? [from] : []),
      ]);
    },
  };
  makers.layer('input', seed);
  for (const { block, variant } of blocks) makers[block](builder.last, variant);
  if (isImage()) builder.layer('flatten');
  builder.layer('dense', { units: classes });
  const network = lively(builder.build(), rng.fork('weights'));
  validate(network);
  return network;
}
