// Files that are well-formed as far as the outer format goes, but lie, repeat themselves or make no sense.
import fc from 'fast-check';
import { foldings, translations } from '../../../src/formats/onnx/translations/table.ts';
import { bytesOf, floats, onnxFile, valueInfo, type FileInput } from './onnx-file.ts';

const operatorTypes = [...new Set([...translations.keys(), ...foldings.keys(), 'Sqrt', 'Pow', 'Erf', 'Split'])];
const attributeNames =
  'axis axes pads strides dilations kernel_shape group ceil_mode count_include_pad perm keepdims transB shape to'.split(
    ' ',
  );

/** Sizes that tempt a reader: nothing, negative, and more than any memory. */
const size = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 4 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, -1, -2, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER, -(2 ** 40)) },
);
const sizes = fc.array(size, { maxLength: 8 });

/** Values that may come from anywhere: the input, weights, other operators (later ones too), or nowhere. */
const names = ['x', 'v0', 'v1', 'v2', 'v3', 'v4', 'v5', 'weight', 'shape', 'number', 'lost', ''];
const name = fc.constantFrom(...names);

const attributes = fc.dictionary(
  fc.constantFrom(...attributeNames),
  fc.oneof(
    sizes,
    size,
    fc.constantFrom('SAME_UPPER', 'nearest', 'linear', 'reflect'),
    fc.float().map((value) => ({ float: value })),
  ),
  { maxKeys: 4 },
);

const operator = fc.record({
  type: fc.constantFrom(...operatorTypes),
  inputs: fc.array(name, { minLength: 1, maxLength: 5 }),
  attributes,
});

const weight = fc.record({
  dims: sizes,
  dataType: fc.constantFrom(1, 1, 1, 6, 7, 9, 11, 0, 10, 99),
  rawData: fc.uint8Array({ maxLength: 64 }),
  floatData: fc.oneof(fc.constant([]), fc.array(fc.float(), { maxLength: 8 })),
  int64Data: fc.oneof(fc.constant([]), fc.array(size, { maxLength: 8 })),
  dataLocation: fc.constantFrom(0, 0, 0, 0, 1),
});

const listed = fc.array(size, { maxLength: 8 }).map((values) => ({
  dims: [values.length],
  dataType: 7,
  rawData: bytesOf(BigInt64Array.from(values, BigInt)),
}));

const inputSizes = fc.oneof(
  fc.tuple(fc.constant(null), fc.integer({ min: 1, max: 3 }), fc.constantFrom(4, 5), fc.constantFrom(4, 3)),
  fc.tuple(fc.constant(null), fc.integer({ min: 1, max: 4 })),
  fc.array(fc.option(size), { maxLength: 5 }),
);

/** Graphs of one to six operators, cycles and values made twice among them. */
export const madeUpModels: fc.Arbitrary<Uint8Array> = fc
  .record({
    input: inputSizes,
    operators: fc.array(operator, { minLength: 1, maxLength: 6 }),
    weight: fc.oneof(weight, fc.constant(floats([2, 2, 1, 1], [1, 2, 3, 4]))),
    shape: fc.oneof(listed, weight),
    opset: fc.constantFrom(7, 9, 11, 13, 17, 18, 20),
    shuffled: fc.nat(9),
  })
  .map(({ input, operators, weight, shape, opset, shuffled }) => {
    const file: FileInput = {
      input,
      weights: { weight, shape, number: floats([], [2]) },
      // Now and then a value is made twice.
      operators: operators.map((own, index) => ({ ...own, output: `v${shuffled === 9 ? 0 : index}` })),
      opset,
      graph: { input: [valueInfo('x', input)] },
    };
    return onnxFile(file);
  });

const offset = fc.oneof(fc.integer({ min: 0, max: 24 }), fc.constantFrom(-1, 0.5, 2 ** 40, Number.MAX_SAFE_INTEGER));
const entry = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      dtype: fc.constantFrom('F32', 'F16', 'I64', 'X'),
      shape: sizes,
      data_offsets: fc.tuple(offset, offset),
    }),
  },
  { weight: 1, arbitrary: fc.anything() },
);

/** A header of any entries, with some data behind it. */
export const madeUpHeaders: fc.Arbitrary<Uint8Array> = fc
  .record({
    entries: fc.dictionary(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('__metadata__', '__proto__')),
      entry,
      {
        maxKeys: 4,
      },
    ),
    metadata: fc.option(fc.jsonValue()),
    data: fc.uint8Array({ maxLength: 24 }),
  })
  .map(({ entries, metadata, data }) => {
    const graph = metadata === null ? {} : { __metadata__: { neurostitch: JSON.stringify(metadata) } };
    const text = Buffer.from(
      JSON.stringify({ ...graph, ...entries }, (_, value: unknown) =>
        typeof value === 'bigint' ? Number(value) : value,
      ),
    );
    const bytes = new Uint8Array(8 + text.length + data.length);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
    bytes.set(text, 8);
    bytes.set(data, 8 + text.length);
    return bytes;
  });
