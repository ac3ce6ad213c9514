// Client script: the lineage with its edges, zoom, operator labels, and the path to the chosen individual.

export const lineagePlotScript = String.raw`
// So many points in sight can be labelled.
const labelledPoints = 150;

function lineagePlot(chart) {
  const places = [];
  for (const point of chart.points.flat()) places[point.individual] = point.value;
  const edgesTo = (place) =>
    individuals[place].parents.flatMap((parent) =>
      typeof parent === 'number' ? [{ coords: [places[parent], places[place]] }] : [],
    );
  const edges = individuals.flatMap(({ place }) => edgesTo(place));
  // From the chosen one back to the first parents, along all parents.
  const ancestryEdges = (place) => {
    const met = new Set([place]);
    for (const one of met)
      for (const parent of individuals[one].parents) if (typeof parent === 'number') met.add(parent);
    return [...met].flatMap(edgesTo);
  };
  const label = (show) => ({ label: { show, formatter: ({ data }) => individuals[data.individual].made } });

  // Where nothing can be moved a finger scrolls the page.
  const finger = matchMedia('(pointer: coarse)').matches;

  function option(theme) {
    const themed = structuredClone(chart.options[theme]);
    for (const axis of themed.dataZoom) axis.disabled = finger;
    for (const index of chart.points.keys())
      Object.assign(themed.series[index].label, label(individuals.length <= labelledPoints).label);
    themed.series.find(({ id }) => id === 'edges').data = edges;
    return themed;
  }

  const windowOf = (instance) =>
    instance.getOption().dataZoom.map(({ startValue, endValue }) => [startValue, endValue]);
  const inSight = ([from, to], value) => value >= from && value <= to;

  // Of all that the axes show, in percent.
  function positionOf(instance, value) {
    return ['xAxis', 'yAxis'].map((name, axis) => {
      const { min, max } = instance.getOption()[name][0];
      return (100 * (value[axis] - min)) / (max - min);
    });
  }

  function zoom(instance, factor, value) {
    const centre = positionOf(instance, value);
    instance.getOption().dataZoom.forEach(({ start, end, minSpan }, dataZoomIndex) => {
      const width = Math.min(Math.max((end - start) * factor, minSpan), 100);
      const from = Math.min(Math.max(centre[dataZoomIndex] - width / 2, 0), 100 - width);
      instance.dispatchAction({ type: 'dataZoom', dataZoomIndex, start: from, end: from + width });
    });
  }

  // Moves the view to a point outside of it.
  function reveal(instance, { value }) {
    const windows = windowOf(instance);
    if (value.some((coordinate, axis) => !inSight(windows[axis], coordinate))) zoom(instance, 1, value);
  }

  const marks = () => [{ id: 'path', data: ancestryEdges(chosenPlace()) }];
  const { instance, mark } = liveChart({ id: chart.id, option, points: () => chart.points, marks, reveal });
  instance.on('datazoom', () => {
    const windows = windowOf(instance);
    const visible = places.filter((place) =>
      place.every((coordinate, axis) => inSight(windows[axis], coordinate)),
    ).length;
    const whole = instance.getOption().dataZoom.every(({ start, end }) => end - start === 100);
    instance.setOption({
      dataZoom: windows.map(() => ({ disabled: finger && whole })),
      series: chart.points.map(() => label(visible <= labelledPoints)),
    });
  });
  const buttons = { 'lineage-in': 0.5, 'lineage-out': 2, 'lineage-all': Infinity };
  for (const [id, factor] of Object.entries(buttons))
    document.getElementById(id).addEventListener('click', () => zoom(instance, factor, places[chosenPlace()]));
  watchChoice(mark);
}
`;
