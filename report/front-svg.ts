// The Pareto plot of a run as a picture that stands alone.
import { frontOf, type RunRecord } from '../population/run/run-record.ts';
import { expected } from '../src/errors.ts';
import { frontChart } from './charts/front-chart.ts';
import { staticSvg } from './charts/static-svg.ts';
import { themes, type ThemeName } from './charts/theme.ts';
import { whyNoFront } from './empty-front.ts';
import { requireRecord } from './require-record.ts';

const size = { width: 760, height: 460 };

/**
 * The run's first two objectives (`plottedObjectives`) as one SVG element of 760 x 460, on the theme's background; a
 * sentence where the front is empty. Throws `bad-argument` for what is no record and for an unknown theme.
 */
export function frontSvg(record: RunRecord, theme: ThemeName = 'light'): string {
  requireRecord(record);
  const names = Object.keys(themes);
  if (!names.includes(theme)) throw expected('bad-argument', `a theme (${names.join(', ')})`, theme, 'theme', names);
  const chart = frontChart(record, frontOf(record));
  return chart ? staticSvg(chart, themes[theme], size) : emptySvg(record, theme);
}

function emptySvg(record: RunRecord, theme: ThemeName): string {
  const { width, height } = size;
  const { background, text } = themes[theme];
  return `<svg width="${width}" height="${height}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">
<rect width="${width}" height="${height}" fill="${background}"/>
<text x="${width / 2}" y="${height / 2}" text-anchor="middle" fill="${text}" style="font-size:16px;font-family:system-ui, sans-serif">There is no front yet: ${whyNoFront(record)}.</text>
</svg>
`;
}
