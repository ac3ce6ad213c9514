// Client script: parallel coordinates, and who lies within the limits drawn or typed on their axes.

export const parallelPlotScript = String.raw`
const listedMatches = 12;

function parallelPlot(chart) {
  const box = document.getElementById(chart.id);
  const instance = echarts.init(box);
  const axes = chart.keys.map((key) => objectives.get(key));
  const finished = individuals.filter(({ failure }) => failure === undefined);
  const valuesOf = ({ place }) =>
    axes.map(({ scale, values }) => {
      const value = values[place];
      return value === null ? '-' : scale === 'log' ? Math.max(value, 1) : value;
    });
  const fields = chart.keys.map((key) =>
    ['from', 'to'].map((end) => document.getElementById('limit-' + key + '-' + end)),
  );
  const output = document.getElementById('parallel-matches');

  function draw() {
    const themed = structuredClone(chart.options[dark.matches ? 'dark' : 'light']);
    const front = new Set(report.front);
    for (const one of finished)
      themed.series[one.kind + (front.has(one.place) ? 3 : 0)].data.push({ value: valuesOf(one) });
    chart.labels.forEach((labels, index) => labelAxis(themed.parallelAxis[index], labels));
    instance.setOption(themed, true);
    brushTyped();
  }

  // What is drawn on the axes is what the fields say, and the other way round: but a field is not rewritten while typed in.
  let typed = false;

  function brushTyped() {
    typed = true;
    fields.forEach((ends, parallelAxisIndex) => {
      const [from, to] = ends.map((field) => field.value);
      const intervals =
        from === '' && to === '' ? [] : [[from === '' ? -1 : Number(from), to === '' ? Number.MAX_VALUE : Number(to)]];
      const { min, max } = instance.getOption().parallelAxis[parallelAxisIndex];
      const inside = intervals.map((ends) => ends.map((end) => Math.min(Math.max(end, min), max)));
      instance.dispatchAction({ type: 'axisAreaSelect', parallelAxisIndex, intervals: inside });
    });
    typed = false;
    showMatches();
  }

  function readBrushes() {
    if (typed) return;
    instance.getOption().parallelAxis.forEach(({ min, max }, axis) => {
      const intervals = instance.getModel().getComponent('parallelAxis', axis).activeIntervals;
      const [from, to] =
        intervals.length === 0
          ? ['', '']
          : [Math.min(...intervals.map(([low]) => low)), Math.max(...intervals.map(([, high]) => high))];
      fields[axis][0].value = from === '' || from <= min ? '' : Number(from.toPrecision(4));
      fields[axis][1].value = to === '' || to >= max ? '' : Number(to.toPrecision(4));
    });
    showMatches();
  }

  function showMatches() {
    const limits = fields.map(([from, to]) => [
      from.value === '' ? -Infinity : Number(from.value),
      to.value === '' ? Infinity : Number(to.value),
    ]);
    const limited = limits.some((ends) => ends.some(Number.isFinite));
    if (!limited) return output.replaceChildren('All ' + finished.length + ' are shown.');
    const inside = finished.filter((one) =>
      valuesOf(one).every((value, axis) => {
        const [from, to] = limits[axis];
        // What was not measured is within no limits.
        return value === '-' ? from === -Infinity && to === Infinity : value >= from && value <= to;
      }),
    );
    const error = objectives.get('error').values;
    inside.sort((a, b) => error[a.place] - error[b.place]);
    const best = inside
      .slice(0, listedMatches)
      .flatMap(({ place }, index) => [index ? ', ' : '; by validation error: ', individualLink(place)]);
    output.replaceChildren(
      inside.length + ' of ' + finished.length + ' lie within the limits',
      ...best,
      inside.length > listedMatches ? ' and others.' : '.',
    );
  }

  draw();
  dark.addEventListener('change', draw);
  new ResizeObserver(() => instance.resize()).observe(box);
  instance.on('axisareaselected', readBrushes);
  for (const field of fields.flat()) field.addEventListener('input', brushTyped);
  document.getElementById('limits-clear').addEventListener('click', () => {
    for (const field of fields.flat()) field.value = '';
    brushTyped();
  });
}
`;
