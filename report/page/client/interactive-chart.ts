// Draws a chart in the reader's colours and makes it answer to pointer and keys.
import type { EChartsOption, EChartsType } from 'echarts';
import type { ChartPoint } from '../../charts/chart-data.ts';
import { choose } from './choice.ts';
import { element, found } from './elements.ts';
import { drawnOption, type DrawnOption, type PlainOption, type PlainSeries } from './plain-option.ts';
import { aboutIndividual, individuals, type About } from './run-data.ts';
import { nameOf, stopsIn, walkByKeys } from './walk-by-keys.ts';

export type ThemeName = 'light' | 'dark';

interface ChartParts {
  readonly id: string;
  /** The settings, fresh each time; `before` is what is on the screen, once there is something. */
  readonly option: (theme: ThemeName, before: DrawnOption | undefined) => PlainOption;
  /** The data of the first series. */
  readonly points: () => readonly (readonly ChartPoint[])[];
  /** What changes with the reader's choice, as series by id. */
  readonly marks?: () => readonly PlainSeries[];
  readonly detailNames?: readonly string[];
  /** Brings a point into sight. */
  readonly reveal?: (instance: EChartsType, point: ChartPoint) => void;
}

export interface InteractiveChart {
  readonly instance: EChartsType;
  /** Draws all, after a change of the data or of what is shown of them. */
  readonly draw: () => void;
  /** Draws the marks. */
  readonly mark: () => void;
}

const dark = matchMedia('(prefers-color-scheme: dark)');

export function interactiveChart(parts: ChartParts): InteractiveChart {
  const { id, option, points, marks = () => [], detailNames = [], reveal } = parts;
  const { box, instance } = chartIn(id);
  const about = (point: ChartPoint): About =>
    point.individual === undefined
      ? { name: point.about!.name, facts: point.about!.details.map((detail, index) => [detailNames[index]!, detail]) }
      : aboutIndividual(individuals[point.individual]!);
  const mark = (): void => {
    instance.setOption({ series: marks() as EChartsOption['series'] });
  };
  // What the tooltip is about, which drawing takes away.
  let pointed: ChartPoint | undefined;
  const draw = (theme: ThemeName): void => {
    const before = drawnOption(instance) as DrawnOption | undefined;
    const themed = option(theme, before);
    const pointedAt = pointed;
    themed.tooltip.formatter = ({ data }) => {
      pointed = data;
      return tooltip(about(data));
    };
    // What the reader took out by the legend stays out.
    if (themed.legend && before?.legend) themed.legend.selected = before.legend[0]!.selected;
    for (const [index, list] of points().entries()) themed.series[index]!.data = list;
    instance.setOption(themed as unknown as EChartsOption, true);
    mark();
    const stop = pointedAt && stopsIn(points()).get(nameOf(pointedAt));
    if (stop) instance.dispatchAction({ type: 'showTip', seriesIndex: stop.seriesIndex, dataIndex: stop.dataIndex });
  };
  const redraw = drawInTheme(draw);
  instance.on('click', ({ data }) => {
    const { individual } = (data ?? {}) as { individual?: number };
    if (individual !== undefined) choose(individual);
  });
  instance.on('hidetip', () => {
    pointed = undefined;
  });
  walkByKeys({ box, instance, points, about, reveal });
  return { instance, draw: redraw, mark };
}

/** An empty chart in its place in the page, as large as that. */
export function chartIn(id: string): { readonly box: HTMLElement; readonly instance: EChartsType } {
  const box = found(id)!;
  // Shown before it is drawn: what is not shown has no size.
  box.closest('figure')!.dataset.drawn = '';
  const instance = echarts.init(box);
  new ResizeObserver(() => {
    instance.resize();
  }).observe(box);
  return { box, instance };
}

/** Draws now and when the reader's colours change; returns what draws once more. */
export function drawInTheme(draw: (theme: ThemeName) => void): () => void {
  const redraw = (): void => {
    draw(dark.matches ? 'dark' : 'light');
  };
  redraw();
  dark.addEventListener('change', redraw);
  return redraw;
}

/** Starts a chart further down when the reader comes near: the page is there sooner. */
export function whenNear(id: string, start: () => void): void {
  const figure = found(id)!.closest('figure')!;
  figure.dataset.drawn = '';
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      start();
    },
    { rootMargin: '100%' },
  );
  observer.observe(figure);
}

function tooltip({ name, facts }: About): HTMLElement {
  const content = element('div', { className: 'tip' }, element('strong', {}, name));
  for (const [title, text] of facts) content.append(element('div', {}, `${title}: ${text}`));
  return content;
}
