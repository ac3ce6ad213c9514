// Tells whether a request means this server: the guard against DNS rebinding.
import { isIP } from 'node:net';
import { hostname } from 'node:os';

/**
 * Whether the Host header of a request names this machine: by an address, as localhost, by its own name, or as it was
 * `bound`. A page of another site can have its name resolved to this machine, and would then read what is served here;
 * but its requests come with that name. Addresses cannot be resolved to others.
 *
 * Source: OWASP, "DNS rebinding"; the same rule as in Vite's `server.allowedHosts`.
 */
export function isAllowedHost(header: string | undefined, bound: string): boolean {
  const name = nameIn(header);
  if (name === undefined) return false;
  const own = hostname().toLowerCase();
  return isIP(name) !== 0 || ['localhost', bound.toLowerCase(), own, `${own}.local`].includes(name);
}

/** Without port and brackets. */
function nameIn(header = ''): string | undefined {
  const url = `http://${header}/`;
  if (!/^[\w.:[\]-]+$/.test(header) || !URL.canParse(url)) return undefined;
  return new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');
}
