// Client script: the plot of the two objectives that the reader chooses, with the budget and the chosen individual.

export const frontPlotScript = String.raw`
function frontPlot(chart) {
  const selects = { x: document.getElementById('front-x'), y: document.getElementById('front-y') };
  let keys = { x: selects.x.value, y: selects.y.value };
  let lists = [];
  let budget;

  const place = (side, individual) => {
    const { scale, values } = objectives.get(keys[side]);
    const value = values[individual];
    return scale === 'log' && value !== null ? Math.max(value, 1) : value;
  };
  const pointOf = (individual) => ({ individual, value: [place('x', individual), place('y', individual)] });
  const isShown = (individual) =>
    individuals[individual].failure === undefined && pointOf(individual).value.every((value) => value !== null);
  const view = () => chart.views[keys.x + ' ' + keys.y];

  function sortIntoSeries() {
    const front = new Set(view().front);
    lists = Array.from({ length: 7 }, () => []);
    for (const { place, kind } of individuals)
      if (isShown(place)) lists[kind + (front.has(place) ? 0 : 3)].push(pointOf(place));
    if (report.knee !== null && isShown(report.knee)) lists[6].push(pointOf(report.knee));
  }

  // What the choice and the budget change.
  function marks() {
    const chosen = [chosenPlace()].filter(isShown).map(pointOf);
    const best = budget ? [budget.best].filter(isShown).map(pointOf) : [];
    const side = ['x', 'y'].find((one) => budget && keys[one] === 'macs');
    return [
      { id: 'chosen', data: chosen },
      { id: 'budget', data: best, markLine: { data: side ? [{ [side + 'Axis']: budget.macs }] : [] } },
    ];
  }

  function option(theme) {
    const themed = structuredClone(chart.options[theme]);
    for (const side of ['x', 'y']) {
      const axis = structuredClone(chart.axes[theme][keys[side]][side]);
      labelAxis(axis, chart.axisLabels[keys[side]]);
      themed[side + 'Axis'] = axis;
    }
    themed.series.find(({ id }) => id === 'line').data = view().line;
    return themed;
  }

  sortIntoSeries();
  const { draw, mark } = liveChart({ id: chart.id, option, points: () => lists, marks });
  for (const [side, other] of [
    ['x', 'y'],
    ['y', 'x'],
  ]) {
    selects[side].addEventListener('change', () => {
      // An objective against itself would be a line: the two change places.
      if (selects[side].value === keys[other]) selects[other].value = keys[side];
      keys = { x: selects.x.value, y: selects.y.value };
      sortIntoSeries();
      draw();
    });
  }
  watchChoice(mark);
  watchBudget((next) => {
    budget = next;
    mark();
  });
}
`;
