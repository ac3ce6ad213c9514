// Follows a run that goes on: hears from the server that there is more, fetches it, and changes the page in place.
import { found } from './elements.ts';
import { patch } from './patch.ts';
import { dataOf, takeIn } from './run-data.ts';

/** Milliseconds: from one update to the next at least, and until something is tried again. */
const pause = 1000;
const following = 'This page follows the run.';

/** Does nothing in a report that is a file. `started`: called after each update. */
export function liveUpdates(started: () => void): void {
  let shown = document.body.dataset.stamp;
  if (shown === undefined) return;
  let latest = shown;
  let busy = false;
  let known = dataOf(document)?.started;

  async function update(): Promise<void> {
    if (busy) return;
    busy = true;
    while (shown !== latest) {
      const asked = latest;
      const began = performance.now();
      try {
        const fresh = await freshPage();
        await pointerAtRest();
        apply(fresh);
        shown = asked;
        tell(following);
      } catch (error) {
        tell(`Cannot follow the run: ${error instanceof Error ? error.message : String(error)}`);
      }
      // What an update costs is taken from the run.
      await wait(Math.max(pause, 3 * (performance.now() - began)));
    }
    busy = false;
  }

  function apply(fresh: Document): void {
    const data = dataOf(fresh);
    // Another run in the same folder is another page.
    if (known !== undefined && data?.started !== known) {
      location.reload();
      return;
    }
    known = data?.started;
    withoutAnchors(fresh);
    document.title = fresh.title;
    patch(document.querySelector('header')!, fresh.querySelector('header')!);
    patch(document.querySelector('main')!, fresh.querySelector('main')!);
    if (!data) return;
    takeIn(data);
    started();
  }

  follow((stamp) => {
    latest = stamp;
    void update();
  });
}

/** Without the script a link leads to a line of text, with it to the panel. */
export function withoutAnchors(page: Document): void {
  for (const line of page.querySelectorAll('li[id]')) line.removeAttribute('id');
}

/** Listens to the server as long as the page is looked at: a browser keeps few connections to one server. */
function follow(hear: (stamp: string) => void): void {
  let source: EventSource | undefined;

  function listen(): void {
    source?.close();
    if (document.hidden) return;
    source = new EventSource('events');
    source.addEventListener('open', () => {
      tell(following);
    });
    source.addEventListener('stamp', ({ data }: MessageEvent<string>) => {
      hear(data);
    });
    source.addEventListener('error', () => {
      tell('The server does not answer; this page tries again.');
      // The browser itself tries again only where the connection broke, not where it was refused.
      if (source?.readyState === EventSource.CLOSED) void wait(pause).then(listen);
    });
  }

  listen();
  document.addEventListener('visibilitychange', listen);
}

async function freshPage(): Promise<Document> {
  const response = await fetch('update');
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return new DOMParser().parseFromString(text, 'text/html');
}

let pressed = false;
for (const type of ['pointerdown', 'pointermove', 'pointerup', 'pointercancel'] as const)
  addEventListener(type, ({ buttons }) => (pressed = buttons !== 0), true);

/** Nothing changes under a hand that drags. */
async function pointerAtRest(): Promise<void> {
  while (pressed) await wait(pause / 10);
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function tell(state: string): void {
  const line = found('live-state');
  if (line && line.textContent !== state) line.textContent = state;
}
