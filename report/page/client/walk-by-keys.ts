// Lets keys do in a chart what a pointer does: arrows step through the points from left to right, Enter chooses.
import type { EChartsType } from 'echarts';
import type { ChartPoint } from '../../charts/chart-data.ts';
import { choose } from './choice.ts';
import type { About } from './run-data.ts';

interface Stop {
  readonly point: ChartPoint;
  readonly seriesIndex: number;
  readonly dataIndex: number;
}

interface Walk {
  readonly box: HTMLElement;
  readonly instance: EChartsType;
  readonly points: () => readonly (readonly ChartPoint[])[];
  readonly about: (point: ChartPoint) => About;
  readonly reveal: ((instance: EChartsType, point: ChartPoint) => void) | undefined;
}

export function walkByKeys({ box, instance, points, about, reveal }: Walk): void {
  const spoken = box.closest('figure')!.querySelector('.spoken')!;
  let at: Stop | undefined;
  const leave = (): void => {
    if (!at) return;
    const { seriesIndex, dataIndex } = at;
    instance.dispatchAction({ type: 'downplay', seriesIndex, dataIndex });
    instance.dispatchAction({ type: 'hideTip' });
  };

  function step(by: 1 | -1): void {
    leave();
    const stops = [...stopsIn(points()).values()].sort(
      (a, b) => a.point.value[0] - b.point.value[0] || a.point.value[1] - b.point.value[1],
    );
    const last = at ? stops.findIndex(({ point }) => nameOf(point) === nameOf(at!.point)) : -1;
    at = stops[Math.min(Math.max(last + by, 0), stops.length - 1)];
    if (!at) return;
    const { point, seriesIndex, dataIndex } = at;
    reveal?.(instance, point);
    instance.dispatchAction({ type: 'highlight', seriesIndex, dataIndex });
    instance.dispatchAction({ type: 'showTip', seriesIndex, dataIndex });
    const { name, facts } = about(point);
    spoken.textContent = [name, ...facts.map((fact) => fact.join(' '))].join(', ');
  }

  box.addEventListener('blur', leave);
  box.addEventListener('keydown', (event) => {
    const by = ({ ArrowRight: 1, ArrowLeft: -1 } as const)[event.key];
    if (by !== undefined) {
      event.preventDefault();
      step(by);
    } else if (event.key === 'Escape') leave();
    else if (event.key === 'Enter' && at?.point.individual !== undefined) choose(at.point.individual);
  });
}

/** Where each point is drawn, by its name. */
export function stopsIn(points: readonly (readonly ChartPoint[])[]): ReadonlyMap<number | string, Stop> {
  const drawn = points.flatMap((list, seriesIndex) =>
    list.map((point, dataIndex): Stop => ({ point, seriesIndex, dataIndex })),
  );
  // Who has a ring is drawn twice, and stopped at once.
  return new Map(drawn.reverse().map((stop) => [nameOf(stop.point), stop]));
}

/** While a run grows its points are made anew: this tells which is which. */
export function nameOf({ individual, about }: ChartPoint): number | string {
  return individual ?? about!.name;
}
