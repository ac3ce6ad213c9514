// The page's own script: draws the embedded charts in the reader's colours and makes them answer to pointer and keys.
import { Markup } from '../markup.ts';

/**
 * Plain JavaScript for browsers; names reach the page as text nodes only. A string and not a .js file, because plain
 * tsc copies no assets to dist/.
 */
export const clientScript = new Markup(`
(() => {
  'use strict';
  const { charts } = JSON.parse(document.getElementById('report-data').textContent);
  const dark = matchMedia('(prefers-color-scheme: dark)');

  function start(chart) {
    const box = document.getElementById(chart.id);
    // Shown before it is drawn: what is not shown has no size.
    box.parentElement.classList.add('drawn');
    const instance = echarts.init(box, null, { renderer: 'svg' });
    const draw = () => instance.setOption(complete(chart, chart.options[dark.matches ? 'dark' : 'light']), true);
    draw();
    dark.addEventListener('change', draw);
    new ResizeObserver(() => instance.resize()).observe(box);
    walkByKeys(chart, box, instance);
  }

  // Adds the points, which both themes share, and what JSON cannot carry.
  function complete(chart, themed) {
    const option = structuredClone(themed);
    chart.points.forEach((points, index) => { option.series[index].data = points; });
    option.xAxis.axisLabel.formatter = (value) => chart.xLabels[Math.round(value)] ?? '';
    option.tooltip.formatter = ({ data }) => tooltip(chart, data);
    return option;
  }

  function tooltip(chart, point) {
    const content = document.createElement('div');
    content.style.whiteSpace = 'normal';
    content.style.maxWidth = '18rem';
    content.append(textIn('strong', point.name));
    point.details.forEach((detail, index) => content.append(textIn('div', chart.detailNames[index] + ': ' + detail)));
    return content;
  }

  function textIn(element, text) {
    const made = document.createElement(element);
    made.textContent = text;
    return made;
  }

  // Arrow keys step through the points from left to right.
  function walkByKeys(chart, box, instance) {
    const spoken = box.parentElement.querySelector('.spoken');
    const stops = chart.points
      .flatMap((points, seriesIndex) => points.map((point, dataIndex) => ({ point, seriesIndex, dataIndex })))
      .sort((a, b) => a.point.value[0] - b.point.value[0] || a.point.value[1] - b.point.value[1]);
    let at = -1;
    const leave = () => {
      if (at < 0) return;
      const { seriesIndex, dataIndex } = stops[at];
      instance.dispatchAction({ type: 'downplay', seriesIndex, dataIndex });
      instance.dispatchAction({ type: 'hideTip' });
    };
    box.addEventListener('blur', leave);
    box.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') return leave();
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      leave();
      at = Math.min(Math.max(at + step, 0), stops.length - 1);
      const { point, seriesIndex, dataIndex } = stops[at];
      instance.dispatchAction({ type: 'highlight', seriesIndex, dataIndex });
      instance.dispatchAction({ type: 'showTip', seriesIndex, dataIndex });
      spoken.textContent = [point.name, ...point.details.map((detail, index) => chart.detailNames[index] + ' ' + detail)].join(', ');
    });
  }

  charts.forEach(start);
})();
`);
