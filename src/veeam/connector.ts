import { isIP } from 'node:net';
import type { Socket, TcpNetConnectOpts } from 'node:net';
import { connect as tlsConnect, TLSSocket } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import type { X509Certificate } from 'node:crypto';
import { buildConnector } from 'undici';
import { ConnectFailure } from './connect-failure.ts';
import type { Settings } from './options.ts';
import { chainOf, pinOf } from './pins.ts';
import type { Scrubber } from './scrubber.ts';
import { concernsCertificate, tlsFailure, tlsReason } from './tls-failure.ts';
import type { TlsReason } from './tls-failure.ts';
import { openTunnel } from './tunnel.ts';

/** What a server shows of itself before anything is asked of it. */
export type TlsLook = {
  /** Its own certificate first. */
  readonly chain: readonly X509Certificate[];
  /** Why it would not be trusted; undefined when it would. */
  readonly untrusted: TlsReason | undefined;
};

/** Connections to the one server of a client, through its proxy if it has one. */
export interface Connector {
  /** A connection to a server that is trusted. Rejects with a ConnectFailure. */
  open(): Promise<Socket>;
  /**
   * Shakes hands with whoever is there, trusted or not, and hangs up: nothing is ever sent over it.
   * For https only. Rejects with a ConnectFailure.
   */
  look(): Promise<TlsLook>;
}

/** Time for one address of a host name before the next is tried. Node's 250 ms is too short between continents. */
const ADDRESS_ATTEMPT_MS = 1_500;

/** A look at a certificate only adds to an error, so it may not hold it up for long. */
const LOOK_MS = 2_000;

export function createConnector(
  { origin, proxy, tls, timeouts, clientName }: Settings,
  scrubber: Scrubber,
): Connector {
  const { protocol, hostname, host, port: explicitPort } = new URL(origin);
  const secure = protocol === 'https:';
  const port = explicitPort === '' ? (secure ? '443' : '80') : explicitPort;
  const authority = `${hostname}:${port}`;
  const bareHost = hostname.replace(/^\[|\]$/g, '');

  const connect = buildConnector({
    timeout: timeouts.connectMs,
    autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    // A resumed session shows no chain, so there would be nothing to compare with the pins.
    ...(tls.pins.length === 0 ? {} : { maxCachedSessions: 0 }),
  });

  const tunnel = async (): Promise<Socket | undefined> =>
    proxy === undefined
      ? undefined
      : openTunnel({ proxy, authority, clientName, timeoutMs: timeouts.connectMs, scrubber });

  async function open(): Promise<Socket> {
    const through = await tunnel();
    if (through !== undefined && !secure) return through;
    const socket = await verified(through);
    const chain = socket instanceof TLSSocket ? chainOf(socket) : [];
    if (pinned(chain)) return socket;
    socket.destroy();
    throw tlsFailure({ host: authority, reason: 'pinMismatch', pin: ownPin(chain) });
  }

  /** A connection that Node has verified, over the tunnel if there is one. */
  async function verified(through: Socket | undefined): Promise<Socket> {
    try {
      return await new Promise<Socket>((resolve, reject) => {
        connect(
          {
            protocol,
            hostname: bareHost,
            host,
            port,
            ...(through === undefined ? {} : { httpSocket: through }),
          },
          (...[error, socket]) => (error === null ? resolve(socket) : reject(error)),
        );
      });
    } catch (cause) {
      const reason = tlsReason(cause);
      // The refused connection is gone with its certificate; the pin is worth a second look.
      const seen =
        reason !== undefined && concernsCertificate(reason)
          ? await look(LOOK_MS).catch(() => undefined)
          : undefined;
      throw failure(cause, ownPin(seen?.chain));
    }
  }

  function failure(cause: unknown, pin?: string): ConnectFailure {
    const reason = secure ? tlsReason(cause) : undefined;
    return reason === undefined
      ? new ConnectFailure(cause)
      : tlsFailure({ host: authority, reason, pin, cause });
  }

  const pinned = (chain: readonly X509Certificate[]): boolean =>
    tls.pins.length === 0 || chain.some((certificate) => tls.pins.includes(pinOf(certificate)));

  async function look(timeoutMs = timeouts.connectMs): Promise<TlsLook> {
    const through = await tunnel();
    return new Promise<TlsLook>((resolve, reject) => {
      const options: ConnectionOptions & TcpNetConnectOpts = {
        host: bareHost,
        port: Number(port),
        ...(isIP(bareHost) === 0 ? { servername: bareHost } : {}),
        ...(tls.ca === undefined ? {} : { ca: tls.ca }),
        ...(through === undefined ? {} : { socket: through }),
        autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
        // Only to see who is there: this connection ends below, before anything is sent or read.
        rejectUnauthorized: false,
      };
      const socket = tlsConnect(options);
      const timer = setTimeout(
        () => socket.destroy(Object.assign(new Error('no handshake in time'), { code: 'ETIMEDOUT' })),
        timeoutMs,
      );
      socket.once('secureConnect', () => {
        const chain = chainOf(socket);
        // Node gives a code here, though its types promise an Error.
        const refusal = socket.authorized ? undefined : (tlsReason(socket.authorizationError) ?? 'refused');
        resolve({ chain, untrusted: refusal ?? (pinned(chain) ? undefined : 'pinMismatch') });
        socket.destroy();
      });
      socket.on('error', (cause) => reject(failure(cause)));
      socket.once('close', () => clearTimeout(timer));
    });
  }

  return { open, look: () => look() };
}

function ownPin(chain: readonly X509Certificate[] | undefined): string | undefined {
  const own = chain?.[0];
  return own === undefined ? undefined : pinOf(own);
}
