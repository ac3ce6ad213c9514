import { describe, expect, it } from 'vitest';
import { recolouring, themes, type ThemeName } from '../../../report/charts/theme.ts';

/** WCAG 2.2, relative luminance of #rrggbb. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5]
    .map((at) => parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(a: string, b: string): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter! + 0.05) / (darker! + 0.05);
}

describe.each(Object.keys(themes) as ThemeName[])('the %s theme', (name) => {
  const { background, surface, text, muted, front, kinds } = themes[name];

  it('has text that WCAG AA calls readable', () => {
    for (const behind of [background, surface])
      for (const colour of [text, muted]) expect(contrast(colour, behind)).toBeGreaterThanOrEqual(4.5);
  });

  it('has points and lines that stand out', () => {
    for (const colour of [front, ...Object.values(kinds)])
      expect(contrast(colour, background), colour).toBeGreaterThanOrEqual(3);
  });
});

describe('recolouring', () => {
  it('knows one dark colour for each light one', () => {
    const lights = recolouring().map(([light]) => light);
    expect(new Set(lights).size).toBe(lights.length);
  });
});
