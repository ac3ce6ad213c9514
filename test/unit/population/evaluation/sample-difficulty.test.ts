// Which samples are hard: shares of the networks that saw them, and the order that follows.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hardestFirst, SampleDifficulty } from '../../../../population/evaluation/sample-difficulty.ts';

test('nothing is known before anything was told, nor before it is settled', () => {
  const difficulty = new SampleDifficulty();
  difficulty.settle();
  expect(difficulty.rates).toBeNull();
  difficulty.add({ samples: 4 }, [1]);
  expect(difficulty.rates).toBeNull();
});

test('a rate is the share of those networks that saw the sample', () => {
  const difficulty = new SampleDifficulty();
  difficulty.add({ samples: 4 }, [1, 3]);
  difficulty.add({ samples: 4 }, [3]);
  difficulty.settle();
  expect([...difficulty.rates!.data]).toEqual([0, 0.5, 0, 1]);
  // A validation that ends after two samples sees 3 and 1, which are the hardest.
  difficulty.add({ samples: 2 }, [1]);
  difficulty.add({ samples: 4 }, []);
  difficulty.settle();
  expect([...difficulty.rates!.data]).toEqual([0, 2 / 4, 0, 2 / 4]);
});

test('law: the order holds every sample once, harder ones first, equal ones as they lie', () => {
  const rates = fc.array(
    fc.integer({ min: 0, max: 4 }).map((share) => share / 4),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(rates, (shares) => {
      const order = hardestFirst(Float32Array.from(shares), shares.length);
      expect(order.toSorted((a, b) => a - b)).toEqual([...shares.keys()]);
      order.slice(1).forEach((next, at) => {
        const before = order[at]!;
        expect(shares[before]! > shares[next]! || (shares[before] === shares[next] && before < next)).toBe(true);
      });
    }),
  );
  expect(hardestFirst(null, 3)).toEqual([0, 1, 2]);
});
