// Draws a chart as a picture: for readers without scripts, for paper, and for the README.
import type { EChartsOption } from 'echarts';
import type { Chart } from './chart.ts';
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

/** Adds the points and the labels, as the page's script does (page/client-script.ts). */
function completeOption(chart: Chart, theme: Theme): EChartsOption {
  const option = chart.option(theme);
  const series = option.series as readonly object[];
  const xAxis = option.xAxis as { axisLabel: object };
  return {
    ...option,
    xAxis: {
      ...xAxis,
      axisLabel: { ...xAxis.axisLabel, formatter: (value: number) => chart.xLabels[Math.round(value)] ?? '' },
    },
    series: series.map((one, index) => (index < chart.points.length ? { ...one, data: chart.points[index] } : one)),
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
