// Damaged and invented IDX files: either a data set that agrees with itself, or one of our errors.
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadDataset, type Dataset } from '../../../src/data/dataset.ts';
import { NeurostitchError } from '../../../src/errors.ts';
import { packageRoot } from '../../../src/package-root.ts';
import { fuzzCases, fuzzTimeout } from '../../helpers/fuzz-cases.ts';
import { idx } from './idx-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neurostitch-fuzz-'));
});
afterAll(() => rm(folder, { recursive: true }));

const names = [
  'train-images-idx3-ubyte',
  'train-labels-idx1-ubyte',
  't10k-images-idx3-ubyte',
  't10k-labels-idx1-ubyte',
];

/** Loads the folder, counts what became of it, and checks it; `size`: bytes of all files together, unpacked. */
async function check(size: number, outcomes: Map<string, number>): Promise<void> {
  const before = process.memoryUsage().arrayBuffers;
  let outcome = 'loaded';
  try {
    requireConsistent(await loadDataset(folder));
  } catch (error) {
    if (!(error instanceof NeurostitchError)) throw error;
    outcome = error.code;
  }
  // Float32 inputs are 4 times the pixels; the bytes themselves are there packed, in chunks and whole.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * size + 2 ** 20);
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
}

function requireConsistent({ samples, heldOut }: Dataset): void {
  for (const part of heldOut ? [samples, heldOut] : [samples]) {
    const [channels, height, width] = part.shape;
    expect([part.shape, part.classes]).toEqual([samples.shape, samples.classes]);
    expect([channels, part.count > 0, height! * width! > 0]).toEqual([1, true, true]);
    expect([part.inputs.length, part.labels.length]).toEqual([part.count * height! * width!, part.count]);
    expect(part.labels.every((label) => samples.labels.includes(label))).toBe(true);
    expect(part.inputs.every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
  }
  expect(samples.labels.every((label) => label < samples.classes)).toBe(true);
  expect(samples.inputs.every((value) => value <= 1)).toBe(true);
}

const asset = (name: string): Buffer =>
  gunzipSync(readFileSync(join(packageRoot(), 'assets', 'digits', `digits-${name}.gz`)));
const held = 100;
const digits = [
  asset('images-idx3-ubyte'),
  asset('labels-idx1-ubyte'),
  idx([held, 8, 8], asset('images-idx3-ubyte').subarray(16, 16 + held * 64)),
  idx([held], asset('labels-idx1-ubyte').subarray(8, 8 + held)),
];
const packedDigits = digits.map((content) => gzipSync(content));

type Damage = (content: Buffer) => Buffer;
/** Mostly in the first bytes, where the header is. */
const place = fc.oneof(fc.nat({ max: 19 }), fc.nat({ max: 2 ** 17 }));
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([at, mask]): Damage => (content) => {
    const copy = Buffer.from(content);
    if (copy.length > 0) copy[at % copy.length]! ^= mask;
    return copy;
  }),
  place.map(
    (at): Damage =>
      (content) =>
        content.subarray(0, at % (content.length + 1)),
  ),
  fc.uint8Array({ minLength: 1, maxLength: 20 }).map(
    (extra): Damage =>
      (content) =>
        Buffer.concat([content, extra]),
  ),
);

test(
  'the digits, with bytes flipped, cut off and added',
  async () => {
    const outcomes = new Map<string, number>();
    const size = digits.reduce((total, content) => total + content.length, 0);
    const cases = fc.tuple(
      fc.nat({ max: 3 }),
      fc.array(damage, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('unpacked', 'packed', 'damaged when packed'),
    );
    await writeAll(packedDigits);
    await fc.assert(
      fc.asyncProperty(cases, async ([which, damages, how]) => {
        const apply = (content: Buffer): Buffer => damages.reduce((now, change) => change(now), content);
        const damaged =
          how === 'damaged when packed'
            ? apply(packedDigits[which]!)
            : how === 'packed'
              ? gzipSync(apply(digits[which]!), { level: 1 })
              : apply(digits[which]!);
        await writeFile(join(folder, `${names[which]!}.gz`), damaged);
        await check(size, outcomes);
        await writeFile(join(folder, `${names[which]!}.gz`), packedDigits[which]!);
      }),
      { numRuns: fuzzCases },
    );
    expect([...outcomes.keys()].sort()).toEqual(['bad-data', 'loaded']);
  },
  fuzzTimeout,
);

const small = fc.nat({ max: 3 });
const anySize = fc.oneof(small, fc.nat({ max: 2 ** 32 - 1 }), fc.constantFrom(2 ** 16, 2 ** 31, 2 ** 32 - 1));
const headers = fc.record({ count: small, heldOut: small, height: small, width: small });
/** What is not true of one of the four files; what is undefined is left as it should be. */
const lie = fc.record(
  {
    which: fc.nat({ max: 3 }),
    shape: fc.oneof(fc.array(small, { minLength: 1, maxLength: 3 }), fc.array(anySize, { maxLength: 5 })),
    type: fc.nat({ max: 255 }),
    length: fc.nat({ max: 60 }),
  },
  { requiredKeys: ['which'] },
);
const bytes = (max: number): fc.Arbitrary<number[]> => fc.array(fc.nat({ max }), { minLength: 60, maxLength: 60 });

test(
  'files with invented headers',
  async () => {
    const outcomes = new Map<string, number>();
    const cases = fc.tuple(headers, fc.option(lie, { freq: 1 }), bytes(255), bytes(1), fc.boolean());
    await fc.assert(
      fc.asyncProperty(cases, async ([{ count, heldOut, height, width }, told, pixels, labels, isPacked]) => {
        const contents = [[count, height, width], [count], [heldOut, height, width], [heldOut]].map((right, which) => {
          const { shape = right, type = 8, length } = told?.which === which ? told : {};
          const fitting = shape.reduce((product, size) => product * size, 1);
          return idx(shape, (right.length === 3 ? pixels : labels).slice(0, length ?? fitting), type);
        });
        await writeAll(isPacked ? contents.map((content) => gzipSync(content)) : contents);
        await check(4 * 80, outcomes);
      }),
      { numRuns: fuzzCases },
    );
    expect([...outcomes.keys()].sort()).toEqual(['bad-data', 'loaded']);
  },
  fuzzTimeout,
);

/** Packed or not is seen in the bytes; the names need not say. */
async function writeAll(contents: readonly Buffer[]): Promise<void> {
  await Promise.all(contents.map((content, i) => writeFile(join(folder, `${names[i]!}.gz`), content)));
}
