import { describe, expect, it } from 'vitest';
import { frontOf, type FrontMember } from '../../../population/run/run-record.ts';
import { frontCsv, frontMarkdown, frontTable } from '../../../report/front-table.ts';
import { recall, syntheticRunRecord } from '../../helpers/run-record.ts';

const member: FrontMember = {
  id: 'k3x9ab2f',
  objectives: { error: 0.0213, macs: 12_345, params: 987 },
  validation: { error: 0.0213, loss: 0.1, samples: 359 },
  test: { error: 0.0306, loss: 0.1 },
  operator: 'widen-pair',
  parents: ['b4'],
  model: '0'.repeat(64),
};

describe('frontTable', () => {
  it('aligns its columns', () => {
    const other = { ...member, id: 'z', objectives: { error: 0.1, macs: 1_000_000, params: 5 }, test: null };
    expect(frontTable([member, other])).toBe(
      [
        'id        error %   MACs  parameters  test accuracy %  made by',
        'k3x9ab2f     2.13  12.3k         987            96.94  widen-pair',
        'z           10.00     1M           5                -  widen-pair',
      ].join('\n'),
    );
  });

  it('has a line for each member of a long front', () => {
    const front = frontOf(syntheticRunRecord({ size: 120 }));
    expect(frontTable(front).split('\n')).toHaveLength(front.length + 1);
  });

  it('shows what else a run compares by', () => {
    const timed = { ...member, objectives: { ...member.objectives, 'my|ms': 0.25 } };
    expect(frontTable([timed]).split('\n')[0]).toContain('parameters  my|ms  test accuracy %');
    expect(frontTable([timed])).toContain('987   0.25            96.94');
    expect(frontMarkdown([timed])).toContain('| parameters | my\\|ms | test accuracy % |');
    expect(frontCsv([timed])).toContain('params,my|ms,validation loss');
    expect(frontCsv([timed])).toContain('987,0.25,0.1,');
  });

  it('shows them in the units that the run names, shares in per cent', () => {
    const record = syntheticRunRecord({ size: 9, own: [recall], settings: { objectives: ['recall', 'latency'] } });
    const measured = { ...member, objectives: { ...member.objectives, recall: 0.9712, latency: 0.25 } };
    const [heads, row] = frontTable([measured], record).split('\n');
    expect(heads).toContain('parameters  recall %  latency ms  test accuracy %');
    expect(row).toContain('987     97.12        0.25            96.94');
    expect(frontMarkdown([measured], record)).toContain('| 987 | 97.12 | 0.25 | 96.94 |');
    expect(frontCsv([measured])).toContain('987,0.9712,0.25,');
  });

  it('says so where the front is empty', () => {
    expect(frontTable([])).toBe('The front is empty.');
    expect(() => frontTable(undefined as never)).toThrow('Expected the members of a front, got nothing (at members)');
    const failed = syntheticRunRecord({ size: 3, failEvery: 1 });
    expect(frontTable([], failed)).toBe('The front is empty: no individual has finished.');
    const infeasible = syntheticRunRecord({ size: 6, failEvery: 4, settings: { constraints: { macs: { max: 1 } } } });
    expect(frontTable(frontOf(infeasible), infeasible)).toBe(
      'The front is empty: no individual keeps the constraints.',
    );
  });

  it('lets no control character through to the terminal', () => {
    expect(frontTable([{ ...member, operator: 'first: \u001b[31mred\n' }])).toContain('first: ?[31mred?');
  });
});

describe('frontMarkdown', () => {
  it('is a table that GitHub shows', () => {
    expect(frontMarkdown([member]).split('\n')).toEqual([
      '| id | error % | MACs | parameters | test accuracy % | made by |',
      '| --- | ---: | ---: | ---: | ---: | --- |',
      '| k3x9ab2f | 2.13 | 12.3k | 987 | 96.94 | widen-pair |',
      '',
    ]);
  });

  it('keeps a name in its cell', () => {
    const line = frontMarkdown([{ ...member, operator: 'first: a|b\n<i>`c' }]).split('\n')[2];
    expect(line).toContain('| first: a\\|b \\<i\\>\\`c |');
  });
});

describe('frontCsv', () => {
  it('has every value unrounded, and a name in quotes where it must', () => {
    const odd = { ...member, operator: 'first: "a", b', parents: ['x', 'y'], test: null };
    expect(frontCsv([member, odd])).toBe(
      [
        'id,error,macs,params,validation loss,test error,test loss,operator,parents\r\n',
        'k3x9ab2f,0.0213,12345,987,0.1,0.0306,0.1,widen-pair,b4\r\n',
        'k3x9ab2f,0.0213,12345,987,0.1,,,"first: ""a"", b",x y\r\n',
      ].join(''),
    );
  });
});
