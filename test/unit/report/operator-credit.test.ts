import { describe, expect, it } from 'vitest';
import { frontOf } from '../../../population/run/run-record.ts';
import { operatorCredit } from '../../../report/operator-credit.ts';
import { syntheticRunRecord } from '../../helpers/run-record.ts';

const record = syntheticRunRecord({ size: 120, failEvery: 7 });
const credits = operatorCredit(record, frontOf(record));

describe('operatorCredit', () => {
  it('counts every individual once, and every member of the front', () => {
    const sum = (count: 'made' | 'failed' | 'onFront'): number =>
      credits.reduce((total, credit) => total + credit[count], 0);
    expect(sum('made')).toBe(120);
    expect(sum('failed')).toBe(17);
    expect(sum('onFront')).toBe(frontOf(record).length);
    expect(credits.find(({ label }) => label === 'first parents')?.made).toBe(4);
    expect(credits.map(({ made }) => made)).toEqual(credits.map(({ made }) => made).sort((a, b) => b - a));
  });

  it('lets survive who was kept in the generation of its birth, not later', () => {
    const [individual] = record.individuals.filter(({ provenance }) => provenance.how === 'stitching');
    const generation = { ...record.generations[0]!, generation: individual!.generation, survivors: [individual!.id] };
    const survivedIn = (number: number): number | undefined =>
      operatorCredit({ individuals: [individual!], generations: [{ ...generation, generation: number }] }, [])[0]
        ?.survived;
    expect(survivedIn(individual!.generation)).toBe(1);
    expect(survivedIn(individual!.generation + 1)).toBe(0);
  });
});
