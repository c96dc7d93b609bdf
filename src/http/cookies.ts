import type { FastifyReply, FastifyRequest } from 'fastify';
import { isSecure, type HttpParts } from './parts.ts';

/**
 * What browsers keep for us.
 * - `session`: the session of somebody who has signed in.
 * - `local`: the name that somebody chose, where names are believed.
 * - `login`: a login at the identity provider that has begun in this browser.
 */
export type CookieName = 'session' | 'local' | 'login';

type Rules = Pick<HttpParts, 'publicUrl' | 'tls'>;

/** Over TLS the name says that nobody but this very host has set it (`__Host-`): not a neighbour under the same domain. */
export function cookieName(name: CookieName, rules: Rules): string {
  return `${isSecure(rules) ? '__Host-' : ''}muster_${name}`;
}

export function readCookie(request: FastifyRequest, name: CookieName, rules: Rules): string | undefined {
  return request.cookies[cookieName(name, rules)];
}

/** Lax: a link in a mail must find the person signed in. Whatever changes something is checked for where it comes from. */
export function setCookie(
  reply: FastifyReply,
  name: CookieName,
  { value, expiresAt, rules }: { readonly value: string; readonly expiresAt: number; readonly rules: Rules },
): void {
  void reply.setCookie(cookieName(name, rules), value, {
    ...flags(rules),
    expires: new Date(expiresAt),
  });
}

export function clearCookie(reply: FastifyReply, name: CookieName, rules: Rules): void {
  void reply.clearCookie(cookieName(name, rules), flags(rules));
}

function flags(rules: Rules) {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure(rules) } as const;
}
