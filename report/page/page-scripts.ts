// The scripts of the page: ECharts, what is known of the run, and what draws it.
import { createHash } from 'node:crypto';
import { echartsBrowserBuild } from '../charts/echarts-library.ts';
import { embeddedJson, markup, Markup } from '../markup.ts';
import { clientScript } from './client-script.ts';
import type { PageData } from './page-data.ts';

/** What the page's script draws. */
export function dataScript(data: PageData): Markup {
  return markup`<script type="application/json" id="report-data">${embeddedJson(data)}</script>`;
}

/** They go behind the data. */
export function pageScripts(): Markup {
  return markup`${scripts().map((text) => markup`<script>${text}</script>\n`)}`;
}

/** For a content security policy: these scripts and no others. */
export function scriptHashes(): string {
  return scripts()
    .map(({ text }) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`)
    .join(' ');
}

function scripts(): Markup[] {
  return [new Markup(echartsBrowserBuild()), clientScript()];
}
