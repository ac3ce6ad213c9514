// What a chart's points and axes are made of: plain data, so that the page's script reads what was written here.

/** A point that shows its details when pointed at. */
export interface ChartPoint {
  readonly value: readonly [number, number];
  /** Its name and one text for each of the chart's `detailNames`. */
  readonly about?: { readonly name: string; readonly details: readonly string[] };
  /** In place of these: the individual that it stands for, by its place in the record. */
  readonly individual?: number;
}

/** Texts of an axis by value, rounded; without them ECharts writes the values. */
export type AxisLabels = Readonly<Record<number, string>>;
