import { describe, expect, it } from 'vitest';
import type { IndividualRecord, Provenance } from '../../../population/run/journal-events.ts';
import { lineageText } from '../../../report/lineage.ts';
import { syntheticRunRecord } from '../../helpers/run-record.ts';

const first = (name: string): Provenance => ({ how: 'first', name, parents: [] });
const mutated = (operator: string, parent: string): Provenance => ({
  how: 'mutation',
  operator,
  site: {},
  parents: [parent],
});
const stitched = (a: string, b: string): Provenance => ({
  how: 'stitching',
  crossings: [],
  output: 'average',
  fit: [],
  parents: [a, b],
});

function run(provenances: Record<string, Provenance>): { individuals: IndividualRecord[] } {
  const [template] = syntheticRunRecord({ size: 1 }).individuals;
  return { individuals: Object.entries(provenances).map(([id, provenance]) => ({ ...template!, id, provenance })) };
}

describe('lineageText', () => {
  it('names a first parent', () => {
    expect(lineageText(run({ a: first('cnn-8') }), 'a')).toBe('cnn-8');
  });

  it('follows mutations and stitches from the first parents on', () => {
    const record = run({ a: first('cnn-8'), b: first('mlp-32'), c: mutated('widen-pair', 'a'), d: stitched('c', 'b') });
    expect(lineageText(record, 'd')).toBe('cnn-8 -> widen-pair -> stitch with mlp-32');
    expect(lineageText(record, 'd', '→')).toBe('cnn-8 → widen-pair → stitch with mlp-32');
  });

  it('puts a partner with a path of its own in parentheses', () => {
    const record = run({ a: first('cnn-8'), b: first('mlp-32'), c: mutated('widen-pair', 'b'), d: stitched('a', 'c') });
    expect(lineageText(record, 'd')).toBe('cnn-8 -> stitch with (mlp-32 -> widen-pair)');
  });

  it('tells an ancestor once and refers to it by id after that', () => {
    const record = run({
      a: first('cnn-8'),
      b: mutated('widen-pair', 'a'),
      c: mutated('skip', 'b'),
      d: stitched('b', 'c'),
    });
    expect(lineageText(record, 'd')).toBe('cnn-8 -> widen-pair [b] -> stitch with ([b] -> skip)');
    const withItself = run({ a: first('cnn-8'), b: mutated('widen-pair', 'a'), c: stitched('b', 'b') });
    expect(lineageText(withItself, 'c')).toBe('cnn-8 -> widen-pair [b] -> stitch with [b]');
  });

  it('stays short where every child is stitched from the two before it', () => {
    const crossed = Object.fromEntries(
      Array.from({ length: 60 }, (_, n) => [`x${n}`, n < 2 ? first(`first-${n}`) : stitched(`x${n - 1}`, `x${n - 2}`)]),
    );
    expect(lineageText(run(crossed), 'x59').length).toBeLessThan(60 * 40);
  });

  it('gives an unknown ancestor by id and ends on a circle', () => {
    expect(lineageText(run({ b: mutated('skip', 'gone') }), 'b')).toBe('[gone] -> skip');
    expect(lineageText(run({ a: mutated('skip', 'b'), b: mutated('grow', 'a') }), 'b')).toBe('[b] -> skip -> grow [b]');
  });
});
