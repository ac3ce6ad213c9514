// Tells a page, by server-sent events, that there is something new.
import type { ServerResponse } from 'node:http';

/** Milliseconds from one look to the next. */
const interval = 500;
/** After so many looks without news a sign of life is sent: it shows connections that are gone. */
const patience = 30;

/** Sends the stamp at once and each time that it is another, until the page goes away. */
export function streamStamps(response: ServerResponse, stampOf: () => string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(`retry: ${2 * interval}\n\n`);
  let told: string | undefined;
  let quiet = 0;
  const look = (): void => {
    const stamp = stampOf();
    quiet = stamp === told ? quiet + 1 : 0;
    if (stamp !== told) response.write(`event: stamp\ndata: ${stamp}\n\n`);
    else if (quiet % patience === 0) response.write(': still here\n\n');
    told = stamp;
  };
  look();
  const timer = setInterval(look, interval);
  response.on('close', () => {
    clearInterval(timer);
  });
}
