import { describe, expect, it } from 'vitest';
import { themes } from '../../../report/charts/theme.ts';
import { frontSvg } from '../../../report/front-svg.ts';
import { scoredAs, syntheticRunRecord } from '../../helpers/run-record.ts';

const record = syntheticRunRecord({ size: 120, failEvery: 30 });

describe('frontSvg', () => {
  it('draws every finished individual, and the legend', () => {
    const svg = frontSvg(record, 'light');
    const finished = record.individuals.filter(({ validation }) => validation).length;
    // A rim in the background's colour is what points have and nothing else does.
    const rims = svg.match(new RegExp(`stroke="${themes.light.background}"`, 'g'));
    expect(rims).toHaveLength(finished + 3);
    for (const label of ['First parents', 'Mutated', 'Stitched', 'Front', 'MACs (log scale)', '100k'])
      expect(svg).toContain(`>${label}</text>`);
  });

  it('leaves out children far worse than every first parent, and says how many', () => {
    const worst = record.individuals.findLast(({ validation }) => validation)!;
    const failing = scoredAs(worst, 0.9);
    const individuals = record.individuals.map((individual) => (individual === worst ? failing : individual));
    expect(frontSvg({ ...record, individuals }, 'light')).toContain('Validation error (%); 1 above 25 not shown');
    expect(frontSvg(record, 'light')).toContain('>Validation error (%)</text>');
  });

  it('is the same text each time, on the background of its theme', () => {
    expect(frontSvg(record, 'dark')).toBe(frontSvg(record, 'dark'));
    expect(frontSvg(record, 'dark')).toContain(`fill="${themes.dark.background}"`);
    expect(frontSvg(record, 'dark')).not.toContain(themes.light.text);
  });

  it('has neither styles nor scripts', () => {
    expect(frontSvg(record, 'light')).not.toMatch(/<style|class=|<script|ecmeta/);
  });

  it('says so where nothing has finished', () => {
    expect(frontSvg(syntheticRunRecord({ size: 0 }), 'light')).toContain('no front yet: no individual has finished.');
    const infeasible = syntheticRunRecord({ size: 6, settings: { constraints: { macs: { max: 1 } } } });
    expect(frontSvg(infeasible, 'light')).toContain('no front yet: no individual keeps the constraints.');
  });

  it('is light unless it is told, and says what it does not know', () => {
    expect(frontSvg(record)).toBe(frontSvg(record, 'light'));
    expect(() => frontSvg(record, 'drak' as never)).toThrow(
      'Expected a theme (light, dark), got "drak" (at theme); did you mean "dark"?',
    );
    expect(() => frontSvg(undefined as never)).toThrow('Expected the record of a run, got nothing (at record)');
  });
});
