// Client script: draws a chart in the reader's colours and makes it answer to pointer and keys.

export const liveChartScript = String.raw`
// option(theme) gives ECharts its settings, points() the data of the first series: lists of points; marks() what changes
// with the reader's choice, as series by id.
function liveChart({ id, option, points, marks = () => [], detailNames, reveal }) {
  const box = document.getElementById(id);
  // Shown before it is drawn: what is not shown has no size.
  box.closest('figure').classList.add('drawn');
  const instance = echarts.init(box);
  const about = (point) =>
    point.individual === undefined
      ? { name: point.about.name, facts: point.about.details.map((detail, index) => [detailNames[index], detail]) }
      : aboutIndividual(individuals[point.individual]);
  const draw = () => {
    const themed = option(dark.matches ? 'dark' : 'light');
    themed.tooltip.formatter = ({ data }) => tooltip(about(data));
    points().forEach((list, index) => {
      themed.series[index].data = list;
    });
    instance.setOption(themed, true);
    mark();
  };
  const mark = () => instance.setOption({ series: marks() });
  draw();
  dark.addEventListener('change', draw);
  new ResizeObserver(() => instance.resize()).observe(box);
  instance.on('click', ({ data }) => {
    if (data?.individual !== undefined) choose(data.individual);
  });
  walkByKeys({ box, instance, points, about, reveal });
  return { instance, draw, mark };
}

// Draws a chart further down when the reader comes near: the page is there sooner.
function whenNear(chart, start) {
  const figure = document.getElementById(chart.id).closest('figure');
  figure.classList.add('drawn');
  const observer = new IntersectionObserver(
    ([{ isIntersecting }]) => {
      if (!isIntersecting) return;
      observer.disconnect();
      start(chart);
    },
    { rootMargin: '100%' },
  );
  observer.observe(figure);
}

function labelAxis(axis, labels) {
  if (labels) axis.axisLabel.formatter = (value) => labels[Math.round(value)] ?? '';
}

function tooltip({ name, facts }) {
  const content = element('div', { className: 'tip' }, element('strong', {}, name));
  for (const [title, text] of facts) content.append(element('div', {}, title + ': ' + text));
  return content;
}

// Arrow keys step through the points from left to right, Enter chooses.
function walkByKeys({ box, instance, points, about, reveal }) {
  const spoken = box.closest('figure').querySelector('.spoken');
  let at;
  const leave = () => {
    if (!at) return;
    const { seriesIndex, dataIndex } = at;
    instance.dispatchAction({ type: 'downplay', seriesIndex, dataIndex });
    instance.dispatchAction({ type: 'hideTip' });
  };
  box.addEventListener('blur', leave);
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') return leave();
    if (event.key === 'Enter' && at?.point.individual !== undefined) return choose(at.point.individual);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    leave();
    const stops = points()
      .flatMap((list, seriesIndex) => list.map((point, dataIndex) => ({ point, seriesIndex, dataIndex })))
      .sort((a, b) => a.point.value[0] - b.point.value[0] || a.point.value[1] - b.point.value[1]);
    const last = stops.findIndex(({ point }) => point === at?.point);
    at = stops[Math.min(Math.max(last + step, 0), stops.length - 1)];
    const { point, seriesIndex, dataIndex } = at;
    reveal?.(instance, point);
    instance.dispatchAction({ type: 'highlight', seriesIndex, dataIndex });
    instance.dispatchAction({ type: 'showTip', seriesIndex, dataIndex });
    const { name, facts } = about(point);
    spoken.textContent = [name, ...facts.map((fact) => fact.join(' '))].join(', ');
  });
}
`;
