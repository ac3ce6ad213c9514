// The Pareto plot of a run as a PNG, for where SVG is not shown: slides, chats, many an editor.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type * as resvg from '@resvg/resvg-js';
import type { RunRecord } from '../population/run/run-record.ts';
import type { ThemeName } from './charts/theme.ts';
import { frontSvg } from './front-svg.ts';

const require = createRequire(import.meta.url);

/**
 * The picture of `frontSvg`, `scale` times as many pixels (1520 x 920 by default, sharp on dense screens). Its texts are
 * in DejaVu Sans, which comes along: equal records give equal pictures on every machine. Throws as `frontSvg` does.
 */
export function frontPng(record: RunRecord, theme: ThemeName = 'light', scale = 2): Uint8Array {
  // Loaded when first asked for: other commands should not pay for a native library.
  const { Resvg } = require('@resvg/resvg-js') as typeof resvg;
  const family = 'DejaVu Sans';
  const drawing = new Resvg(frontSvg(record, theme), {
    fitTo: { mode: 'zoom', value: scale },
    font: {
      fontFiles: [join(dirname(require.resolve('dejavu-fonts-ttf/package.json')), 'ttf', 'DejaVuSans.ttf')],
      loadSystemFonts: false,
      defaultFontFamily: family,
      sansSerifFamily: family,
    },
  });
  return drawing.render().asPng();
}
