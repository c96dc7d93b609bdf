import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Actor } from '../model/actor.ts';
import { IdentityError } from '../identity/index.ts';
import { readCookie } from './cookies.ts';
import { ownOrigin } from './own-host.ts';
import type { HttpParts } from './parts.ts';
import { HttpError } from './problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered to whoever asks. Everything else needs an identity. */
    readonly open?: true;
  }
}

/** What a route says that is answered to whoever asks. */
export const OPEN = { open: true } as const;

const READING = new Set(['GET', 'HEAD']);
const HERE = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/**
 * Asks who everybody is, of every route that does not say otherwise, before a byte of what they send is read. A new route
 * is closed unless it says that it is open.
 */
export function identifyAll(app: FastifyInstance, parts: HttpParts): void {
  app.decorateRequest('actor', null);
  app.addHook('preParsing', async (request) => {
    if (request.is404 || request.routeOptions.config.open === true) return;
    request.setDecorator('actor', await whoAsks(request, parts));
  });
}

/** Who asks, at a route that is not open. */
export function actorOf(request: FastifyRequest): Actor {
  const actor = request.getDecorator<Actor | null>('actor');
  if (actor === null) throw new IdentityError('identity.notSignedIn', 'You are not signed in. Sign in.');
  return actor;
}

/** Whoever has signed in here, if anybody; for the few pages that are open. */
export async function actorIfAny(request: FastifyRequest, parts: HttpParts): Promise<Actor | undefined> {
  try {
    return await whoAsks(request, parts);
  } catch (error) {
    if (error instanceof IdentityError) return undefined;
    throw error;
  }
}

/**
 * A program shows a session or a token (`Authorization: Bearer …`); a browser its cookie, and then whatever changes something
 * must come from one of our own pages.
 *
 * @throws IdentityError `identity.notSignedIn`; HttpError `http.foreignPage`
 */
async function whoAsks(request: FastifyRequest, parts: HttpParts): Promise<Actor> {
  const { identity } = parts;
  const bearer = bearerOf(request);
  if (bearer !== undefined) return identity.actorOf(bearer);
  const session = readCookie(request, 'session', parts);
  const local = session === undefined ? trustedName(request, parts) : undefined;
  const isKnown = session !== undefined || local !== undefined;
  if (isKnown && !READING.has(request.method)) assertOwnPage(request, parts);
  return local === undefined ? identity.actorOf(session ?? '') : identity.asserted(local);
}

/** What they show, whichever way: empty when they show nothing. */
export function credentialOf(request: FastifyRequest, parts: HttpParts): string {
  return bearerOf(request) ?? readCookie(request, 'session', parts) ?? '';
}

/** What a program shows. */
function bearerOf({ headers }: FastifyRequest): string | undefined {
  return /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1];
}

/** Whether names are believed of whoever asks: where the configuration says so, and on this machine only. */
export function believesNames({ socket }: FastifyRequest, { trustedPeople, trustProxy }: HttpParts): boolean {
  return trustedPeople.length > 0 && trustProxy !== true && HERE.has(socket.remoteAddress ?? '');
}

function trustedName(request: FastifyRequest, parts: HttpParts): string | undefined {
  const name = readCookie(request, 'local', parts);
  return believesNames(request, parts) && parts.trustedPeople.some(({ id }) => id === name)
    ? name
    : undefined;
}

/**
 * Refuses what another site makes a browser send. Browsers say where a request comes from (Origin, Sec-Fetch-Site), and no
 * page can change that; one that says nothing at all is no browser, and has no business with a cookie.
 *
 * @throws HttpError `http.foreignPage`
 */
export function assertOwnPage(request: FastifyRequest, parts: Pick<HttpParts, 'publicUrl'>): void {
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const isOwn = origin === undefined ? site === 'same-origin' : origin === ownOrigin(request, parts);
  if (isOwn && (site === undefined || site === 'same-origin')) return;
  throw new HttpError(403, 'http.foreignPage', 'This was sent by another page. Open muster and do it there.');
}
