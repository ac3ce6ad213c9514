// How each kind of individual is drawn: a shape for each, so that no one has to tell colours apart.
import type { Provenance } from '../../population/run/journal-events.ts';
import type { Theme } from './theme.ts';

export type Kind = Provenance['how'];

interface Looks {
  readonly label: string;
  readonly symbol: string;
  /** Equal areas look equal: a diamond's size is that of its diagonals, a square's of its sides. */
  readonly size: number;
}

export const kinds: Readonly<Record<Kind, Looks>> = {
  first: { label: 'First parents', symbol: 'rect', size: 11 },
  mutation: { label: 'Mutated', symbol: 'circle', size: 12 },
  stitching: { label: 'Stitched', symbol: 'diamond', size: 15 },
};
export const kindNames = Object.keys(kinds) as Kind[];

/** Entries of a legend. */
export const kindLegend = kindNames.map((kind) => ({ name: kinds[kind].label, icon: kinds[kind].symbol }));

/** What the legends of all charts have in common. */
export function legendOption(theme: Theme): object {
  return { top: 6, itemWidth: 14, itemHeight: 11, itemGap: 14, textStyle: { color: theme.text, fontSize: 13 } };
}

/** A series of points of one kind. Series of one name share a legend entry, which looks like the first of them. */
export function kindSeries(
  kind: Kind,
  theme: Theme,
  { z, scale, opacity }: { z: number; scale: number; opacity: number },
): { name: string; type: 'scatter' } & Record<string, unknown> {
  const color = theme.kinds[kind];
  const { label, symbol, size } = kinds[kind];
  return {
    name: label,
    type: 'scatter',
    symbol,
    symbolSize: scale * size,
    z,
    // A rim in the background's colour sets overlapping points apart.
    itemStyle: { color, opacity, borderColor: theme.background, borderWidth: 1 },
    emphasis: { scale: 1.5, itemStyle: { color, opacity: 1, borderColor: theme.text } },
  };
}
