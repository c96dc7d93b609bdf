import { X509Certificate } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { HttpParts } from './parts.ts';
import { HttpError } from './problem.ts';

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

/**
 * Answers only to the names that this server has. A page of a stranger can make its own name point to this machine (DNS
 * rebinding), and would then be one of our own pages to the browser; what it cannot do is send another name as `Host`.
 */
export function checkHosts(app: FastifyInstance, parts: HttpParts): void {
  const isOurs = ownNames(parts);
  app.addHook('onRequest', async (request) => {
    // Whoever watches over the machine asks by its address; health tells nothing but that.
    if (request.routeOptions.url === '/health') return;
    const name = nameOf(request.host);
    if (name !== undefined && isOurs(name)) return;
    throw new HttpError(
      421,
      'http.foreignHost',
      'This server is not known by that name. Use the address in server.publicUrl of muster.yaml, or add it there.',
    );
  });
}

/** Whether a name is ours: the public one, this machine's where it listens on loopback only, those of its certificate. */
export function ownNames({
  publicUrl,
  host = '127.0.0.1',
  tls,
}: Pick<HttpParts, 'publicUrl' | 'host' | 'tls'>): (name: string) => boolean {
  const publicName = publicUrl === undefined ? undefined : nameOf(new URL(publicUrl).host);
  const isLocal = LOOPBACK.has(host) || host === '::1';
  const certificate =
    tls === undefined || publicName !== undefined ? undefined : new X509Certificate(tls.cert);
  return (name) => name === publicName || (isLocal && LOOPBACK.has(name)) || isNamedIn(certificate, name);
}

function isNamedIn(certificate: X509Certificate | undefined, name: string): boolean {
  const found = certificate?.checkHost(name) ?? certificate?.checkIP(name.replaceAll(/[[\]]/g, ''));
  return found !== undefined;
}

/** The name in `name:port`, as browsers write it; undefined for what is none. */
function nameOf(host: string): string | undefined {
  const address = `http://${host}`;
  if (!/^[a-z0-9.:[\]_-]+$/i.test(host) || !URL.canParse(address)) return undefined;
  return new URL(address).hostname;
}

/** Where a page of our own comes from, as browsers say it in `Origin`. */
export function ownOrigin(
  { protocol, host }: { readonly protocol: string; readonly host: string },
  { publicUrl }: Pick<HttpParts, 'publicUrl'>,
): string {
  // What stands before us may speak TLS and hand on without it: the configuration knows how people come.
  const isPublic = publicUrl !== undefined && nameOf(host) === nameOf(new URL(publicUrl).host);
  // As browsers write it: without the port that everybody assumes.
  return new URL(isPublic ? publicUrl : `${protocol}://${host}`).origin;
}
