// Reads and checks the header of a safetensors file.
import { z } from 'zod';
import { expected, Words } from '../../errors.ts';
import { sizeOf, type Shape } from '../../network/tensor.ts';
import { elementTypes } from './element-types.ts';
import { repeatedKey } from './unique-keys.ts';

/** Where one tensor lies. */
export interface TensorEntry {
  readonly name: string;
  readonly type: string;
  readonly shape: Shape;
  /** First byte and the byte after the last, from the start of the file. */
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly metadata: ReadonlyMap<string, string>;
  readonly entries: readonly TensorEntry[];
}

const size = z.int().min(0);
const entrySchema = z.strictObject({ dtype: z.string(), shape: z.array(size), data_offsets: z.tuple([size, size]) });

/** As in the format's own library: a header beyond this is an attack or a mistake. */
const largestHeader = 100_000_000;
export const lengthBytes = 8;
/** The name under which texts lie among the tensors. */
export const metadataName = '__metadata__';

/**
 * The file's metadata and entries, in the order of their data.
 *
 * Source: the format description of safetensors (github.com/huggingface/safetensors): an 8-byte little-endian length, a
 * JSON header of that length, then the data, which the tensors cover without gaps or overlaps.
 *
 * Throws `bad-model` for anything else.
 */
export function readHeader(bytes: Uint8Array): SafetensorsHeader {
  if (bytes.length < lengthBytes) throw expected('bad-model', 'a safetensors file', new Words(`${bytes.length} bytes`));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > largestHeader) throw expected('bad-model', `a header of at most ${largestHeader} bytes`, length);
  const start = lengthBytes + length;
  if (start > bytes.length)
    throw expected('bad-model', `a header of ${length} bytes`, new Words(`${bytes.length - 8}: cut short`));
  const header = parseObject(bytes.subarray(lengthBytes, start));
  const entries = Object.entries(header)
    .filter(([name]) => name !== metadataName)
    .map(([name, entry]) => checkedEntry(name, entry, start));
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  requireFullCover(entries, start, bytes.length);
  return { metadata: textsOf(header[metadataName] ?? {}), entries };
}

/** By hand: a zod record would leave out a text called `__proto__`. */
function textsOf(metadata: unknown): Map<string, string> {
  if (typeof metadata !== 'object' || metadata === null) {
    throw expected('bad-model', 'texts as __metadata__', typeof metadata);
  }
  return new Map(
    Object.entries(metadata).map(([name, text]: [string, unknown]) => {
      if (typeof text !== 'string') throw expected('bad-model', 'texts as __metadata__', typeof text, name);
      return [name, text];
    }),
  );
}

function parseObject(bytes: Uint8Array): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    throw expected('bad-model', 'a safetensors header in JSON', cause);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    throw expected('bad-model', 'a JSON object as safetensors header', new Words('another value'));
  }
  const repeated = repeatedKey(text);
  if (repeated !== undefined)
    throw expected('bad-model', 'every name once in the header', new Words(`"${repeated}" twice`));
  return header as Record<string, unknown>;
}

function checkedEntry(name: string, entry: unknown, start: number): TensorEntry {
  const parsed = entrySchema.safeParse(entry);
  if (!parsed.success) throw expected('bad-model', 'dtype, shape and data_offsets', issueOf(parsed.error), name);
  const { dtype, shape, data_offsets: offsets } = parsed.data;
  const [begin, end] = offsets;
  const bytes = elementTypes.get(dtype)?.bytes;
  if (bytes !== undefined && sizeOf(shape) * bytes !== end - begin) {
    const wanted = `${sizeOf(shape) * bytes} bytes for ${dtype} of shape [${shape.join(', ')}]`;
    throw expected('bad-model', wanted, end - begin, name);
  }
  return { name, type: dtype, shape, begin: start + begin, end: start + end };
}

/** The first thing wrong. The value itself may be too deep to show. */
function issueOf({ issues: [issue] }: z.ZodError): string {
  return `${issue!.message} (${issue!.path.join('.')})`;
}

/** Entries must follow each other from the header's end to the file's. */
function requireFullCover(entries: readonly TensorEntry[], start: number, end: number): void {
  let covered = start;
  for (const { name, begin, end: next } of entries) {
    if (begin < covered)
      throw expected('bad-model', 'tensors that do not overlap', new Words(`offset ${begin - start}`), name);
    if (begin > covered) throw expected('bad-model', `a tensor at offset ${covered - start}`, begin - start, name);
    if (next < begin) throw expected('bad-model', 'data_offsets in order', [begin - start, next - start], name);
    if (next > end)
      throw expected('bad-model', `data up to offset ${next - start}`, new Words(`${end - start}: cut short`), name);
    covered = next;
  }
  if (covered < end) throw expected('bad-model', `data of ${covered - start} bytes`, end - start);
}
