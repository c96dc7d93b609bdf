import { callServer } from './over-http.ts';
import type { SignedInAnswer } from './wire.ts';

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

/** Ends a session at a server. @throws as signInAt */
export async function signOutAt(url: string, credential: string): Promise<void> {
  await callServer({ url, credential }, { path: '/sign-out', body: {} });
}
