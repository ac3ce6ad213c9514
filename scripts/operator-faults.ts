// Faults that somebody could make in an operator, each as an edit of one file; scripts/mutation-test.ts plants them.

/** In `file`, the one place that reads `find` becomes `replace`. */
export interface Fault {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

export const faults: readonly Fault[] = [
  // Of DESIGN section 12, those that concern operators.
  {
    name: 'the bias of whoever reads new channels is dropped',
    file: 'operators/rebuild-nodes.ts',
    find: 'if (!edit) return [name, old] as const;',
    replace: 'if (!edit) return [name, { ...old, data: new Float32Array(old.data.length) }] as const;',
  },
  {
    name: 'the centre of an identity kernel is off by one',
    file: 'src/layers/conv2d.ts',
    find: '* taps + before * kernel + before] = 1',
    replace: '* taps + before * kernel + after] = 1',
  },
  {
    name: 'offsets behind concat are not moved',
    file: 'operators/channels/edit-channels.ts',
    find: 'return { ...slot, offset: slot.offset + grown };',
    replace: 'return { ...slot, offset: slot.offset + 0 * grown };',
  },
  {
    name: 'the epsilon of a batch norm is left out',
    file: 'operators/fold-batch-norm.ts',
    find: 'Math.sqrt(variance![output]! + epsilon)',
    replace: 'Math.sqrt(variance![output]! + 0 * epsilon)',
  },
  {
    name: 'a flattened image is taken to be pixel after pixel',
    file: 'operators/channels/edit-channels.ts',
    find: 'offset + source * multiplicity + i,',
    replace: 'offset + source + i * channels,',
  },
  {
    name: 'the weights of the parent are written to',
    file: 'operators/fold-batch-norm.ts',
    find: 'const weight = data.slice();',
    replace: 'const weight = data;',
  },
  {
    name: 'new Adam entries have v = 0 and the old step count',
    file: 'operators/remap-moments.ts',
    find: 'return hasFresh ? markOld(param.shape, maps, age.data[0]!) : age;',
    replace: 'return hasFresh && param.shape.length < 0 ? markOld(param.shape, maps, age.data[0]!) : age;',
  },
  // Our own.
  {
    name: 'replicas are read by equal weights, and stay equal for ever',
    file: 'operators/channels/replicas.ts',
    find: '0.5 + 0.5 * Math.abs(place - 0.5)',
    replace: '0.5 + 0 * place',
  },
  {
    name: 'the mean square of a replica shrinks like its mean',
    file: 'operators/remap-moments.ts',
    find: 'scaleAlong(moved, axis, factors, slotPower(slot))',
    replace: "scaleAlong(moved, axis, factors, slotPower(slot === 'second' ? 'first' : slot))",
  },
  {
    name: 'the moments of the parent are scaled in place',
    file: 'operators/remap-moments.ts',
    find: 'const moved = remapTensor(values, maps);',
    replace: 'const moved = remapTensor(values, maps);\n    values.data[0]! *= 2;',
  },
  {
    name: 'an odd new tap goes to the top while the pads grow at the bottom',
    file: 'operators/grow-kernel.ts',
    find: 'embedded(shape[down]!, taps[0], taps[2])',
    replace: 'embedded(shape[down]!, taps[2], taps[0])',
  },
  {
    name: 'kappa is 1 for every function',
    file: 'operators/mirror-pair-deepen.ts',
    find: 'float32Factors(activationFunctions[name].mirror!)',
    replace: 'float32Factors(activationFunctions[name].mirror! ** 0)',
  },
  {
    name: 'both channels of a pair are read with the same sign',
    file: 'operators/widen-pair.ts',
    find: 'first.map((x) => -x)',
    replace: 'first.map((x) => x)',
  },
  {
    name: 'new channels come in as zeros, too, and are dead',
    file: 'operators/widen-zero-fan-out.ts',
    find: "if (role === 'consumer') return undefined;",
    replace: "if (role === 'consumer' || part.old.shape.length > 1) return undefined;",
  },
  {
    name: 'a layer goes where its function is not the identity',
    file: 'operators/net2deeper.ts',
    find: 'return !bends(name, range) && range.low < range.high;',
    replace: 'return !bends(name, { low: 0, high: range.high }) && range.low < range.high;',
  },
  {
    name: 'the bias of the first of two merged layers is forgotten',
    file: 'operators/merge-linear-layers.ts',
    find: 'bias[row]! += factor * (b1?.[middle] ?? 0);',
    replace: 'bias[row]! += 0 * factor * (b1?.[middle] ?? 0);',
  },
  {
    name: 'a biased 1x1 convolution is merged into one with padding',
    file: 'operators/merge-linear-layers.ts',
    find: 'pads.some((pad) => pad !== 0)',
    replace: 'pads.some((pad) => pad < 0)',
  },
  {
    name: 'a channel counts as unheard when one of its readers does not hear it',
    file: 'operators/prune-zero-fan-out.ts',
    find: 'readings.every(({ reading, makes })',
    replace: 'readings.some(({ reading, makes })',
  },
  {
    name: 'what was read of merged channels is not added',
    file: 'operators/merge-equal-channels.ts',
    find: 'sums[i]! += column[i]!',
    replace: 'sums[i]! += 0 * column[i]!',
  },
  {
    name: 'halves of a split channel move to one side only',
    file: 'operators/split-neurons.ts',
    find: 'other[i] = x - move;',
    replace: 'other[i] = x;',
  },
  {
    name: 'draws do not follow from the seed',
    file: 'operators/net2wider.ts',
    find: "rng.fork('map')",
    replace: 'rng.fork(`map ${performance.now()}`)',
  },
  {
    name: 'tensors that are tied by an add are widened apart',
    file: 'operators/channels/channel-groups.ts',
    find: 'for (const other of others) union.unite(first, other);',
    replace: 'for (const other of others.slice(1)) union.unite(first, other);',
  },
  {
    name: 'a layer that more than one reads is fused into its first reader',
    file: 'operators/fuse-nodes.ts',
    find: 'return readers.length === 1 && readers[0] === reader;',
    replace: 'return readers[0] === reader;',
  },
  {
    name: 'a split takes other channels than the site names',
    file: 'operators/split-neurons.ts',
    find: "...(site.channels ?? rng.fork('map').shuffle(old).slice(0, amount))",
    replace: "...rng.fork('map').shuffle(old).slice(0, amount)",
  },
  {
    name: 'pruning takes other channels than the site names',
    file: 'operators/prune-filters.ts',
    find: 'site.channels ?? leastImportant(',
    replace: 'leastImportant(',
  },
  {
    name: 'a channel can be named twice',
    file: 'operators/channels/channel-site.ts',
    find: 'new Set(channels).size === amount',
    replace: 'new Set(channels).size > 0',
  },
  {
    name: 'of an odd number of rows a product leaves out the last',
    file: 'operators/matrix-product.ts',
    find: 'rows + (rows % 2)',
    replace: 'rows - (rows % 2)',
  },
  {
    name: 'of a sum that is dropped the wrong branch stays',
    file: 'operators/drop-layer.ts',
    find: 'const child = bypassNode(parent, node, node.inputs[input]!);',
    replace: 'const child = bypassNode(parent, node, node.inputs.at(-1)!);',
  },
];
