import { callServer } from './over-http.ts';
import type { SignedInAnswer, SignInWaysAnswer } from './wire.ts';

/**
 * Begins a session at a server.
 *
 * @throws MusterError `server.unreachable`; ServerError with the code of what the server refused
 */
export async function signInAt(
  url: string,
  {
    person,
    password,
    code,
    reason,
  }: {
    readonly person: string;
    readonly password: string;
    readonly code?: string;
    readonly reason?: string;
  },
): Promise<SignedInAnswer> {
  const body = {
    person,
    password,
    ...(code !== undefined && { code }),
    ...(reason !== undefined && { reason }),
  };
  return callServer<SignedInAnswer>({ url }, { path: '/sign-in', body });
}

/** What people can sign in with at a server. @throws as signInAt */
export async function signInWaysAt(url: string): Promise<SignInWaysAnswer> {
  return callServer<SignInWaysAnswer>({ url }, { path: '/sign-in' });
}

/** Begins a session by the code that a browser has brought from the server, and its PKCE verifier. @throws as signInAt */
export async function redeemAt(
  url: string,
  redeemed: { readonly code: string; readonly verifier: string },
): Promise<SignedInAnswer> {
  return callServer<SignedInAnswer>({ url }, { path: '/sign-in/cli', body: redeemed });
}

/** Ends a session at a server. @throws as signInAt */
export async function signOutAt(url: string, credential: string): Promise<void> {
  await callServer({ url, credential }, { path: '/sign-out', body: {} });
}
