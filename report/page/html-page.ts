// The HTML around every page: head, style sheet, and a policy that lets it run its own scripts and fetch nothing else.
import { markup, type Markup } from '../markup.ts';
import { pageScripts, scriptHashes } from './page-scripts.ts';
import { styleSheet } from './styles.ts';

export interface PageParts {
  readonly title: string;
  /** A header and a main element, and the data for the script. */
  readonly body: Markup;
  /** Whether there is something for the script to do. */
  readonly scripted: boolean;
  /** Of a served page: which state of the run it shows. */
  readonly stamp?: string | undefined;
}

/** A file that needs nothing else. */
export function htmlPage({ title, body, scripted, stamp }: PageParts): string {
  // The policy is a second lock: even if markup got in, it could run and fetch nothing.
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${securityPolicy(stamp !== undefined)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${styleSheet}</style>
</head>
${stamp === undefined ? markup`<body>` : markup`<body data-stamp="${stamp}">`}
${body}
${scripted ? pageScripts() : ''}
</body>
</html>
`.text;
}

/** `live`: the page may ask the server that it came from. */
function securityPolicy(live: boolean): string {
  return [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `script-src ${scriptHashes()}`,
    'img-src data:',
    ...(live ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
