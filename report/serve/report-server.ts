// Serves the reports of runs, live while these go on.
import { existsSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { basename, join, resolve } from 'node:path';
import { requireFolderName } from '../../population/run/run-directory.ts';
import { expected, NeurostitchError, reasonOf, Words } from '../../src/errors.ts';
import { markup } from '../markup.ts';
import { htmlPage } from '../page/html-page.ts';
import type { PageContent } from '../page/message-page.ts';
import { runsContent } from '../page/runs-page.ts';
import { isAllowedHost } from './allowed-host.ts';
import { streamStamps } from './event-stream.ts';
import { isRun, madeOnce, runsIn, stampOfRuns, type Stamped } from './folder-state.ts';
import { listen } from './listen.ts';
import { servedRun, type ServedRun } from './served-run.ts';

export interface ServeOptions {
  /** The address or name to listen on. Default: 127.0.0.1, which no other machine can reach. */
  readonly host?: string;
  /** 0 for any that is free. Default: 6464, or the next that is free. */
  readonly port?: number;
}

export interface ReportServer {
  readonly url: string;
  /** Ends all connections, too. */
  close(): Promise<void>;
}

/** A page that follows what it shows. */
interface LivePage {
  readonly stamp: () => string;
  readonly page: () => Promise<Stamped<PageContent>>;
}

/**
 * Serves the report of a run, or of all runs in a folder with a page that lists them. It reads, and writes nothing; what
 * it says is for whoever can reach the address.
 *
 * Throws `not-found` where there is no folder, `bad-argument` for a file in its place and for a host or a port that cannot
 * be listened on.
 */
export async function serveReports(folder: string, options: ServeOptions = {}): Promise<ReportServer> {
  requireFolderName(folder, 'folder');
  const wanted = 'a run folder, or a folder of runs';
  if (!existsSync(folder)) throw expected('not-found', wanted, new Words('none'), folder);
  if (!statSync(folder).isDirectory()) throw expected('bad-argument', wanted, new Words('a file'), folder);
  const { host = '127.0.0.1' } = options;
  const site = siteOf(folder);
  const server = createServer((request, response) => {
    void answer(site, host, request, response);
  });
  const url = await listen(server, host, options.port);
  return { url, close: () => closed(server) };
}

interface Site {
  readonly root: string;
  /** The page of the folder itself, a run's or the list of its runs: at first it may be neither. */
  readonly home: LivePage;
  /** The run of this folder. */
  readonly run: (folder: string) => ServedRun;
}

function siteOf(root: string): Site {
  const runs = new Map<string, ServedRun>();
  const run = (folder: string): ServedRun => {
    const known = runs.get(folder) ?? servedRun(folder);
    runs.set(folder, known);
    return known;
  };
  const stampOfList = (): string => stampOfRuns(root);
  const list = madeOnce(stampOfList, async () => {
    const shown = runsIn(root).map(async (name) => [name, await run(join(root, name)).now()] as const);
    return runsContent(basename(resolve(root)), new Map(await Promise.all(shown)));
  });
  const home = {
    stamp: () => (isRun(root) ? run(root).stamp() : stampOfList()),
    page: () => (isRun(root) ? run(root).page() : list()),
  };
  return { root, home, run };
}

async function answer(site: Site, host: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  try {
    if (!isAllowedHost(request.headers.host, host)) {
      sendText(response, 403, 'This server answers by its address or as localhost only.');
    } else if (request.method !== 'GET') {
      response.setHeader('allow', 'GET');
      sendText(response, 405, 'This server can only be read.');
    } else await route(site, pathOf(request), response);
  } catch (error) {
    const status = error instanceof NeurostitchError && error.code === 'not-found' ? 404 : 500;
    if (!response.headersSent) sendText(response, status, reasonOf(error));
  }
}

/** A folder of the site and a page below it: names are looked up among those that are there, and never made to paths. */
async function route({ root, home, run }: Site, path: readonly string[], response: ServerResponse): Promise<void> {
  const [name, ...rest] = path;
  if (name === undefined || isPage(path) || isRun(root) || !runsIn(root).includes(name))
    return send(home, run(root), path, response);
  const one = run(join(root, name));
  if (rest.length > 0) return send(one, one, rest, response);
  // What the page asks for is relative to its address.
  response.writeHead(308, { location: `/${encodeURIComponent(name)}/` }).end();
}

async function send(
  page: LivePage,
  { model }: ServedRun,
  path: readonly string[],
  response: ServerResponse,
): Promise<void> {
  const [folder, file] = path;
  const id = /^([\w-]+)\.onnx$/.exec(file ?? '')?.[1];
  if (folder !== 'models' || path.length !== 2 || id === undefined) return sendLive(page, path, response);
  const bytes = await model(id);
  response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(bytes);
}

function isPage(path: readonly string[]): boolean {
  return ['', 'events', 'update'].includes(path.join('/'));
}

async function sendLive({ stamp, page }: LivePage, path: readonly string[], response: ServerResponse): Promise<void> {
  const name = path.join('/');
  if (!isPage(path)) throw expected('not-found', 'the address of a page', name);
  if (name === 'events') {
    streamStamps(response, stamp);
    return;
  }
  const { stamp: shown, value } = await page();
  const html =
    name === 'update'
      ? markup`<!doctype html><title>${value.title}</title><body>${value.body}</body>`.text
      : htmlPage({ ...value, scripted: true, stamp: shown });
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
}

const headers = {
  'cache-control': 'no-store',
  // The page's own policy says the rest.
  'content-security-policy': "frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

/** The parts of a request's path, decoded; of a folder the last one is empty. */
function pathOf({ url = '/' }: IncomingMessage): string[] {
  const [path] = url.split('?');
  try {
    return path!.split('/').slice(1).map(decodeURIComponent);
  } catch (cause) {
    throw expected('not-found', 'an address', cause, path);
  }
}

function closed(server: Server): Promise<void> {
  return new Promise((done) => {
    server.close(() => {
      done();
    });
    server.closeAllConnections();
  });
}
