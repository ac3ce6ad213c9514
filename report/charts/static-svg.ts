// Draws a chart as a picture: for readers without scripts, for paper, and for the README.
import type { EChartsOption } from 'echarts';
import type { Chart } from './chart.ts';
import type { AxisLabels } from './chart-data.ts';
import { escapeHtml } from '../markup.ts';
import { echartsLibrary } from './echarts-library.ts';
import type { Theme } from './theme.ts';

/** The chart as one SVG element; equal charts give equal text. `label` becomes its title. */
export function staticSvg(
  chart: Chart,
  theme: Theme,
  size: { readonly width: number; readonly height: number },
): string {
  const drawing = echartsLibrary().init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    drawing.setOption(completeOption(chart, theme));
    return plainSvg(drawing.renderToSVGString(), chart);
  } finally {
    // Or its timers keep the process alive.
    drawing.dispose();
  }
}

/** Adds the points and the labels, as the page's script does (page/client/live-chart.ts). */
function completeOption({ option, points, labels }: Chart, theme: Theme): EChartsOption {
  const complete = option(theme);
  const series = complete.series as readonly object[];
  return {
    ...complete,
    xAxis: labelled(complete.xAxis as LabelledAxis, labels.x),
    yAxis: labelled(complete.yAxis as LabelledAxis, labels.y),
    series: series.map((one, index) => (index < points.length ? { ...one, data: points[index] } : one)),
  };
}

interface LabelledAxis {
  readonly axisLabel: object;
}

function labelled(axis: LabelledAxis, labels: AxisLabels | undefined): LabelledAxis {
  if (!labels) return axis;
  return {
    ...axis,
    axisLabel: { ...axis.axisLabel, formatter: (value: number) => labels[Math.round(value)] ?? '' },
  };
}

/** Takes out what serves hovering only, and the running numbers that ECharts gives to drawings. */
function plainSvg(svg: string, { id, label }: Chart): string {
  return svg
    .replace(/<style[\s\S]*?<\/style>/g, '')
    .replace(/ (?:class|ecmeta_\w+|pointer-events)="[^"]*"/g, '')
    .replace(/zr\d+-/g, `${id}-`)
    .replace(/<svg [^>]*>/, (opening) => `${opening.slice(0, -1)} role="img"><title>${escapeHtml(label)}</title>`);
}
