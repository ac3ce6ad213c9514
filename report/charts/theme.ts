// The colours of the report, for charts and page alike, in light and in dark.
import type { Provenance } from '../../population/run/journal-events.ts';

export type ThemeName = 'light' | 'dark';

export interface Theme {
  readonly background: string;
  /** Boxes that stand out from the background. */
  readonly surface: string;
  readonly text: string;
  readonly muted: string;
  readonly border: string;
  readonly gridLine: string;
  /** The line of the front. */
  readonly front: string;
  /** How an individual was made. */
  readonly kinds: Readonly<Record<Provenance['how'], string>>;
}

/**
 * Kinds are in colours of Okabe and Ito 2008, "Color Universal Design", told apart with any colour vision; on each
 * background those of their set that contrast with it by 3:1 or more. Text contrasts by 4.5:1 or more.
 *
 * No two colours of one theme are equal, so that a drawing made in one can be recoloured to the other.
 */
export const themes: Readonly<Record<ThemeName, Theme>> = {
  light: {
    background: '#ffffff',
    surface: '#f5f6f8',
    text: '#1c2128',
    muted: '#57606a',
    border: '#d0d7de',
    gridLine: '#e6e9ed',
    front: '#6e7781',
    kinds: { first: '#0072b2', mutation: '#009e73', stitching: '#d55e00' },
  },
  dark: {
    background: '#12161c',
    surface: '#1b2028',
    text: '#e6e9ee',
    muted: '#a3adb9',
    border: '#3a434f',
    gridLine: '#2a313b',
    front: '#929ba7',
    kinds: { first: '#56b4e9', mutation: '#009e73', stitching: '#e69f00' },
  },
};

/** Pairs of a light colour and the dark one in its place. */
export function recolouring(): [string, string][] {
  const { kinds: lightKinds, ...light } = themes.light;
  const { kinds: darkKinds, ...dark } = themes.dark;
  const pairs = <T extends object>(from: T, to: T): [string, string][] =>
    Object.keys(from).map((key) => [from[key as keyof T] as string, to[key as keyof T] as string]);
  return [...pairs(light, dark), ...pairs(lightKinds, darkKinds)];
}
