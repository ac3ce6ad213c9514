// The chart of progress.
import { interactiveChart } from './interactive-chart.ts';
import { labelAxis, plainOption } from './plain-option.ts';
import { run, watchRun } from './run-data.ts';

export function hypervolumePlot(): void {
  const { draw } = interactiveChart({
    id: run.charts.hypervolume!.id,
    points: () => run.charts.hypervolume!.points,
    detailNames: run.charts.hypervolume!.detailNames,
    option: (theme) => {
      const { options, labels } = run.charts.hypervolume!;
      const themed = plainOption(options[theme]);
      labelAxis(themed.xAxis, labels.x);
      return themed;
    },
  });
  watchRun(draw);
}
