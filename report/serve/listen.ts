// Finds a port to listen on.
import { once } from 'node:events';
import type { Server } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import { expected, ofSystem, Words } from '../../src/errors.ts';

const defaultPort = 6464;
/** So many are tried, one after the other. */
const tried = 100;

/** Starts the server and returns its address. Throws `bad-argument` for a host or a port that cannot be listened on. */
export async function listen(server: Server, host: string, port: number | undefined): Promise<string> {
  const last = port ?? defaultPort + tried - 1;
  for (let next = port ?? defaultPort; ; next++) {
    try {
      server.listen(next, host);
      await once(server, 'listening');
      const address = server.address() as AddressInfo;
      return `http://${nameOf(host)}:${address.port}/`;
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (taken && next < last) continue;
      throw taken
        ? expected('bad-argument', 'a port that is free', new Words(`${next}, which is taken`), 'port')
        : ofSystem(error, host, 'an address of this machine');
    }
  }
}

/** Under which a reader on this machine finds it. */
function nameOf(host: string): string {
  if (['0.0.0.0', '::'].includes(host)) return 'localhost';
  return isIPv6(host) ? `[${host}]` : host;
}
