import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { ProxyFailure } from './connect-failure.ts';
import type { Settings } from './options.ts';
import type { Scrubber } from './scrubber.ts';

type Proxy = NonNullable<Settings['proxy']>;

/** What the usual refusals of a proxy mean. */
const BY_STATUS: Readonly<Record<number, string>> = {
  403: 'it does not allow this server',
  407: 'it wants other credentials',
  502: 'it cannot reach the server',
  503: 'it is overloaded',
  504: 'the server did not answer it in time',
};

/**
 * Opens a way through a proxy (HTTP CONNECT) to `authority` (host and port), for http and https alike.
 * Rejects with a {@link ProxyFailure}.
 */
export async function openTunnel({
  proxy,
  authority,
  clientName,
  timeoutMs,
  scrubber,
}: {
  proxy: Proxy;
  authority: string;
  clientName: string;
  timeoutMs: number;
  scrubber: Scrubber;
}): Promise<Socket> {
  const authorization = await authorizationOf(proxy, scrubber);
  const { protocol, hostname, port } = new URL(proxy.origin);
  const request = protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const asking = request({
      host: hostname.replace(/^\[|\]$/g, ''),
      ...(port === '' ? {} : { port: Number(port) }),
      method: 'CONNECT',
      path: authority,
      headers: {
        host: authority,
        'user-agent': clientName,
        ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }),
      },
      // One tunnel is one connection: nothing of it is shared or kept.
      agent: false,
      ...(proxy.ca === undefined ? {} : { ca: proxy.ca }),
    });
    const timer = setTimeout(
      () => asking.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
      timeoutMs,
    );
    asking.once('connect', ({ statusCode = 0 }, socket, head) => {
      clearTimeout(timer);
      // While nobody uses the tunnel, nobody else would hear that it broke; who uses it notices anyway.
      socket.on('error', () => undefined);
      if (statusCode >= 200 && statusCode <= 299) {
        if (head.length > 0) socket.unshift(head);
        resolve(socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_PROBE_MS));
        return;
      }
      socket.destroy();
      const meaning = BY_STATUS[statusCode];
      reject(
        new ProxyFailure(meaning === undefined ? 'it refused' : `it refused: ${meaning}`, {
          status: statusCode,
        }),
      );
    });
    asking.on('error', (cause) => {
      clearTimeout(timer);
      reject(new ProxyFailure('it could not be reached', { cause }));
    });
    asking.end();
  });
}

/** First question over an idle connection whether the other end is still there: as undici does it. */
const KEEP_ALIVE_PROBE_MS = 60_000;

async function authorizationOf({ authorization }: Proxy, scrubber: Scrubber): Promise<string | undefined> {
  let value: string | undefined;
  try {
    value = await authorization?.();
  } catch (cause) {
    throw new ProxyFailure('its credentials could not be read', { cause });
  }
  if (value === undefined) return undefined;
  learnAuthorization(value, scrubber);
  if (!/^[\x20-\x7e]+$/.test(value)) throw new ProxyFailure('its credentials are not fit for a header');
  return value;
}

/** `Basic` credentials are as good as plain text, so what they stand for is a secret as well. */
function learnAuthorization(value: string, scrubber: Scrubber): void {
  scrubber.learn(value);
  const [scheme = '', token = ''] = value.split(' ');
  if (token === '') return;
  scrubber.learn(token);
  if (scheme.toLowerCase() !== 'basic') return;
  const pair = Buffer.from(token, 'base64').toString();
  scrubber.learn(pair);
  scrubber.learn(pair.slice(pair.indexOf(':') + 1));
}
