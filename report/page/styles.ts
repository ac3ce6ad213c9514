// The page's style sheet. A module and not a .css file, because plain tsc copies no assets to dist/.
import { recolouring, themes, type Theme } from '../charts/theme.ts';
import { Markup } from '../markup.ts';

function variables({ background, surface, text, muted, border }: Theme): string {
  return `--background: ${background}; --surface: ${surface}; --text: ${text}; --muted: ${muted}; --border: ${border};`;
}

// Pictures are drawn once, in light colours.
const recolouredPictures = recolouring()
  .flatMap(([light, dark]) => ['fill', 'stroke'].map((part) => `.picture [${part}="${light}"] { ${part}: ${dark}; }`))
  .join('\n  ');

export const styleSheet = new Markup(`
:root { color-scheme: light dark; ${variables(themes.light)} }
@media screen and (prefers-color-scheme: dark) {
  :root { ${variables(themes.dark)} }
  ${recolouredPictures}
}
*, ::before, ::after { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 62rem; background: var(--background); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2.25rem 0 .5rem; }
p { margin: .5rem 0; max-width: 48rem; }
.muted, figcaption { color: var(--muted); font-size: .875rem; }
code { font: .9em ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }

.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(10rem, 100%), 1fr)); gap: .75rem; margin: 1rem 0 0; }
.figures > div { background: var(--surface); border: 1px solid var(--border); border-radius: .5rem; padding: .75rem 1rem; }
.figures dt { color: var(--muted); font-size: .875rem; }
.figures dd { margin: 0; }
.figures .value { font-size: 1.4rem; font-weight: 600; line-height: 1.3; }

figure { margin: .5rem 0; }
.interactive { display: none; width: 100%; }
[data-drawn] .interactive { display: block; }
[data-drawn] .picture { display: none; }
#front-chart { height: clamp(22rem, 60vh, 30rem); }
#hypervolume-chart { height: 16rem; }
#lineage-chart { height: clamp(22rem, 60vh, 32rem); }
/* Brushes take the finger: some of the page is to be left beside it. */
#parallel-chart { height: clamp(16rem, 70vh, 26rem); }
.tip { white-space: normal; max-width: 18rem; }
html:not(.scripted) .needs-script { display: none; }
[hidden] { display: none !important; }
/* Shrunk to the width of a phone the texts of a picture could not be read: there it scrolls. */
.picture { overflow-x: auto; }
.picture svg { display: block; width: 100%; min-width: 34rem; height: auto; }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
:focus-visible { outline: 2px solid var(--text); outline-offset: 2px; }

.scroll { overflow-x: auto; border: 1px solid var(--border); border-radius: .5rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .4rem .6rem; text-align: left; white-space: nowrap; }
tbody tr { border-top: 1px solid var(--border); }
thead th { background: var(--surface); font-size: .875rem; white-space: normal; overflow-wrap: normal; vertical-align: bottom; }
.number { text-align: right; }
a { color: inherit; text-underline-offset: .2em; }
a[aria-current] { font-weight: 700; }
.bar { display: inline-block; min-width: min(7rem, 16vw); padding: 0 .3rem;
  background: linear-gradient(var(--border), var(--border)) no-repeat 0 0 / calc(100% * var(--share)) 100%; }

h3 { font-size: 1.05rem; margin: 0 0 .25rem; }
h4 { font-size: .95rem; margin: 1rem 0 .25rem; }
#details { background: var(--surface); border: 1px solid var(--border); border-radius: .5rem; padding: .75rem 1rem; margin: 1rem 0; }
#details .wrapped { white-space: normal; min-width: 9rem; }
.drawing text { fill: var(--text); font-size: 12px; text-anchor: middle; }
.drawing text + text { fill: var(--muted); font-size: 11px; }
.drawing rect { fill: var(--surface); stroke: var(--muted); }
.drawing .new rect { stroke: var(--text); stroke-width: 3; }
.drawing .changed rect { stroke: var(--text); stroke-width: 1.5; stroke-dasharray: 5 3; }
.drawing path { fill: none; stroke: var(--muted); }
#details .scroll { max-height: 26rem; overflow: auto; background: var(--background); }
pre { margin: .25rem 0; padding: .5rem; overflow-x: auto; background: var(--background); border: 1px solid var(--border); border-radius: .35rem; }
.path { display: flex; flex-wrap: wrap; gap: .2rem .75rem; list-style: none; padding: 0; margin: .25rem 0; }

.controls { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem .6rem; margin: .5rem 0; }
.controls p { margin: 0; flex-basis: 100%; }
select, button, input { font: inherit; color: inherit; }
select, button, input[type="number"] { background: var(--surface); border: 1px solid var(--muted); border-radius: .35rem; padding: .25rem .6rem; min-height: 2.25rem; }
input[type="range"] { flex: 1; min-width: 10rem; min-height: 2.25rem; accent-color: var(--muted); }
input[type="number"] { width: 7rem; }
summary { cursor: pointer; padding: .25rem 0; }
.limits { display: flex; flex-wrap: wrap; gap: .75rem; margin: .5rem 0; }
fieldset { border: 1px solid var(--border); border-radius: .5rem; margin: 0; min-width: 0; }
tbody th { font-weight: inherit; }

ul { padding-left: 1.25rem; margin: .5rem 0; }
.pairs { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: .3rem 1rem; margin: .5rem 0; }
.pairs dt { color: var(--muted); }
.pairs dd { margin: 0; }

@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  /* A chart keeps the size of the screen; a picture fits the sheet. */
  [data-drawn] .interactive { display: none; }
  [data-drawn] .picture { display: block; }
  .picture svg { min-width: 0; }
  .controls, button, #lineage-chart, section:has(#parallel-chart), figure:has(#lineage-chart) { display: none; }
  #details .scroll { max-height: none; overflow: visible; }
  table, thead th { font-size: 8.5pt; }
  #details .wrapped { min-width: 0; }
  .scroll { overflow: visible; border: 0; }
  th, td { padding: .2rem .4rem; overflow-wrap: break-word; }
  td:not(.number) { white-space: normal; }
  figure, tr, li, .figures > div { break-inside: avoid; }
  h2 { break-after: avoid; }
}
`);
