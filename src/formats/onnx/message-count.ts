// Counts what an ONNX file is made of before it is decoded: a message of two bytes there takes hundreds in memory.
import protobuf from 'protobufjs';
import { expected, NeurostitchError, Words } from '../../errors.ts';

/** One sort of message: by field number, the sort of message in it, and which fields hold lists of integers. */
interface Sort {
  readonly messages?: Readonly<Record<number, Sort>>;
  readonly integers?: readonly number[];
}

// Field numbers: the ONNX specification, onnx.proto.
const tensor: Sort = { integers: [1, 7] };
const attribute: Sort = { messages: { 5: tensor }, integers: [8] };
const valueInfo: Sort = { messages: { 2: { messages: { 1: { messages: { 2: { messages: { 1: {} } } } } } } } };
const graph: Sort = {
  messages: { 1: { messages: { 5: attribute } }, 5: tensor, 11: valueInfo, 12: valueInfo },
};
const model: Sort = { messages: { 7: graph, 8: {} } };

/** Far more than a network has that a person works with; decoded, they take some 150 MB. */
const mostItems = 200_000;
/** Integers in lists count less: this many are one item. */
const integersInItem = 8;

/** Throws `bad-model` for bytes that are no protobuf message, and for files of too many small pieces. */
export function checkMessageCount(bytes: Uint8Array): void {
  try {
    countMessages(bytes);
  } catch (cause) {
    if (cause instanceof NeurostitchError) throw cause;
    throw expected('bad-model', 'an intact ONNX file', cause);
  }
}

function countMessages(bytes: Uint8Array): void {
  let items = 0;
  const count = (more: number): void => {
    items += more;
    if (items > mostItems) throw expected('bad-model', `an ONNX file of at most ${mostItems} parts`, new Words('more'));
  };
  const reader = protobuf.Reader.create(bytes);
  const open: { readonly sort: Sort; readonly end: number }[] = [{ sort: model, end: bytes.length }];
  for (let inner = open.at(-1); inner; inner = open.at(-1)) {
    if (reader.pos >= inner.end) {
      open.pop();
      continue;
    }
    const tag = reader.uint32();
    const [field, wire] = [tag >>> 3, tag & 7];
    const sort = inner.sort.messages?.[field];
    if (sort && wire === 2) {
      count(1);
      const length = reader.uint32();
      open.push({ sort, end: reader.pos + length });
      continue;
    }
    const start = reader.pos;
    reader.skipType(wire);
    if (inner.sort.integers?.includes(field)) count((reader.pos - start) / integersInItem);
  }
}
