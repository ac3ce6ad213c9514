// Finds ECharts: as a library that draws SVG here, and as the browser build that a report carries along.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as echarts from 'echarts';

const require = createRequire(import.meta.url);

/** Loaded when first asked for: it takes 0.2 s, which commands that draw nothing should not pay. */
export function echartsLibrary(): typeof echarts {
  return require('echarts') as typeof echarts;
}

/** The source of ECharts' minified build for browsers, fit to stand inside a script element. */
export function echartsBrowserBuild(): string {
  const source = readFileSync(require.resolve('echarts/dist/echarts.min.js'), 'utf8');
  // Neither can occur outside of strings and patterns, where the backslash changes nothing.
  return source.replace(/<(?=\/script|!--)/gi, '\\x3c');
}
