// Tests that do the same many times over and count how often something was lost: rows of docs/results/durability.md.
import { afterAll, expect, test } from 'vitest';
import { RandomStream } from '../../src/random/stream.ts';

/** How often each fault is tried. */
const times = Number(process.env.NEUROSTITCH_FUZZ_CASES ?? 1);
const rows: string[] = [];

/** A test of `work`, which throws where something was lost, and may say where the fault struck. */
export function fault(name: string, work: (rng: RandomStream) => Promise<string | undefined>, skip = false): void {
  test.skipIf(skip)(
    `${name}, ${times} time(s)`,
    async () => {
      const lost: unknown[] = [];
      const places = new Map<string, number>();
      for (let turn = 0; turn < times; turn++) {
        try {
          const place = await work(RandomStream.fromSeed(`${name} ${turn}`));
          if (place !== undefined) places.set(place, (places.get(place) ?? 0) + 1);
        } catch (error) {
          lost.push(error);
        }
      }
      const struck = [...places].map(([place, count]) => `${place}: ${count}`).join(', ');
      rows.push(`| ${name}${struck === '' ? '' : ` (${struck})`} | ${times} | ${lost.length} |`);
      expect(lost.map(String)).toEqual([]);
    },
    60_000 + 30_000 * times,
  );
}

afterAll(() => {
  console.log(['| fault | tried | lost |', '| - | -: | -: |', ...rows].join('\n'));
});
