// IDX files in memory, well formed unless told otherwise.

/** Type 8 is unsigned bytes; values are written as they come, one byte each. */
export function idx(shape: readonly number[], values: Iterable<number>, type = 8): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header.set([0, 0, type, shape.length]);
  shape.forEach((size, axis) => header.writeUInt32BE(size, 4 + 4 * axis));
  return Buffer.concat([header, Buffer.from([...values])]);
}
