// The part of the ONNX protobuf schema that we write and read. Field numbers: the ONNX specification, onnx.proto (IR version 9).
import protobuf from 'protobufjs';
import { expected } from '../../errors.ts';

const field = (id: number, type: string): { id: number; type: string } => ({ id, type });
const list = (id: number, type: string): { id: number; type: string; rule: 'repeated' } => ({
  id,
  type,
  rule: 'repeated',
});

const root = protobuf.Root.fromJSON({
  nested: {
    Model: {
      fields: {
        irVersion: field(1, 'int64'),
        producerName: field(2, 'string'),
        graph: field(7, 'Graph'),
        opsetImport: list(8, 'OperatorSetId'),
      },
    },
    OperatorSetId: { fields: { domain: field(1, 'string'), version: field(2, 'int64') } },
    Graph: {
      fields: {
        node: list(1, 'Node'),
        name: field(2, 'string'),
        initializer: list(5, 'Tensor'),
        input: list(11, 'ValueInfo'),
        output: list(12, 'ValueInfo'),
      },
    },
    Node: {
      fields: {
        input: list(1, 'string'),
        output: list(2, 'string'),
        name: field(3, 'string'),
        opType: field(4, 'string'),
        attribute: list(5, 'Attribute'),
        domain: field(7, 'string'),
      },
    },
    Attribute: {
      fields: {
        name: field(1, 'string'),
        f: field(2, 'float'),
        i: field(3, 'int64'),
        s: field(4, 'bytes'),
        t: field(5, 'Tensor'),
        floats: list(7, 'float'),
        ints: list(8, 'int64'),
        type: field(20, 'int32'),
      },
    },
    Tensor: {
      fields: {
        dims: list(1, 'int64'),
        dataType: field(2, 'int32'),
        floatData: list(4, 'float'),
        int32Data: list(5, 'int32'),
        int64Data: list(7, 'int64'),
        name: field(8, 'string'),
        rawData: field(9, 'bytes'),
        doubleData: list(10, 'double'),
        dataLocation: field(14, 'int32'),
      },
    },
    ValueInfo: { fields: { name: field(1, 'string'), type: field(2, 'Type') } },
    Type: { fields: { tensorType: field(1, 'TensorType') } },
    TensorType: { fields: { elemType: field(1, 'int32'), shape: field(2, 'TensorShape') } },
    TensorShape: { fields: { dim: list(1, 'Dimension') } },
    Dimension: { fields: { dimValue: field(1, 'int64'), dimParam: field(2, 'string') } },
  },
});

const model = root.lookupType('Model');

export interface OnnxModel {
  readonly irVersion: number;
  readonly producerName: string;
  readonly opsetImport: readonly { readonly domain: string; readonly version: number }[];
  readonly graph: object;
}

/** The bytes of an ONNX file. */
export function encodeModel(message: OnnxModel): Uint8Array {
  return model.encode(model.fromObject(message)).finish();
}

// What a file holds, with every field filled in: left out ones are 0, '', an empty list or null.

export interface DecodedTensor {
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly name: string;
  readonly rawData: Uint8Array;
  readonly floatData: readonly number[];
  readonly int32Data: readonly number[];
  readonly int64Data: readonly number[];
  readonly doubleData: readonly number[];
  /** 1 where the values are in another file. */
  readonly dataLocation: number;
}

export interface DecodedAttribute {
  readonly name: string;
  readonly f: number;
  readonly i: number;
  readonly s: Uint8Array;
  readonly t: DecodedTensor | null;
  readonly floats: readonly number[];
  readonly ints: readonly number[];
}

export interface DecodedNode {
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly name: string;
  readonly opType: string;
  readonly domain: string;
  readonly attribute: readonly DecodedAttribute[];
}

export interface DecodedDimension {
  readonly dimValue: number;
  readonly dimParam: string;
}

export interface DecodedValueInfo {
  readonly name: string;
  readonly type: {
    readonly tensorType: {
      readonly elemType: number;
      readonly shape: { readonly dim: readonly DecodedDimension[] } | null;
    } | null;
  } | null;
}

export interface DecodedModel {
  readonly opsetImport: OnnxModel['opsetImport'];
  readonly graph: {
    readonly node: readonly DecodedNode[];
    readonly initializer: readonly DecodedTensor[];
    readonly input: readonly DecodedValueInfo[];
    readonly output: readonly DecodedValueInfo[];
  } | null;
}

/**
 * The content of an ONNX file; `rawData` are views of `bytes`. Integers of 64 bits come as numbers.
 *
 * Throws `bad-model` for bytes that are not such a message, or cut short.
 */
export function decodeModel(bytes: Uint8Array): DecodedModel {
  try {
    return model.toObject(model.decode(bytes), { longs: Number, defaults: true, arrays: true }) as DecodedModel;
  } catch (cause) {
    throw expected('bad-model', 'an intact ONNX file', cause);
  }
}
