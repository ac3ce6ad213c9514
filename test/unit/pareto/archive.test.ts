import { describe, expect, it } from 'vitest';
import { Archive } from '../../../src/pareto/archive.ts';

describe('Archive', () => {
  it('takes what nothing in it dominates and drops what that dominates', () => {
    const archive = new Archive<string>();
    expect(archive.add('slow but right', [1, 9])).toBe(true);
    expect(archive.add('middling', [6, 6])).toBe(true);
    expect(archive.add('worse', [7, 6])).toBe(false);
    expect(archive.add('better', [5, 5])).toBe(true);
    expect(archive.members()).toEqual(['slow but right', 'better']);
    expect(archive.vectors()).toEqual([
      [1, 9],
      [5, 5],
    ]);
  });

  it('keeps the first of equals', () => {
    const archive = new Archive<string>();
    archive.add('first', [1, NaN]);
    expect(archive.add('second', [1, Infinity])).toBe(false);
    expect(archive.members()).toEqual(['first']);
    expect(archive.vectors()).toEqual([[1, Infinity]]);
  });

  it('lets a failed evaluation in only while there is nothing else', () => {
    const archive = new Archive<string>();
    expect(archive.add('failed', [NaN, NaN])).toBe(true);
    expect(archive.add('finished', [1, 1])).toBe(true);
    expect(archive.members()).toEqual(['finished']);
  });

  it('copies what it is given and what it gives', () => {
    const archive = new Archive<string>();
    const vector = [1, 1];
    archive.add('only', vector);
    vector[0] = 5;
    archive.members().push('stranger');
    expect(archive.vectors()).toEqual([[1, 1]]);
    expect(archive.members()).toEqual(['only']);
  });

  it('rejects a vector of another length', () => {
    const archive = new Archive<string>();
    archive.add('pair', [1, 1]);
    expect(() => archive.add('single', [1])).toThrow('an objective vector of length 2, got 1');
  });
});
