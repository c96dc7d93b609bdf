import { createSecureServer, type Http2SecureServer, type IncomingHttpHeaders } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { CA, serverTls } from '../veeam/fixtures.ts';

/** A call as it arrived. */
export interface TemporalCall {
  /** `GetSystemInfo`, `DescribeNamespace` … */
  readonly name: string;
  readonly authorization: string | undefined;
  /** Whom the caller asked for, before the server showed its certificate. */
  readonly serverName: string | false | null;
  /** The common name of the caller's own certificate. */
  readonly caller: string | undefined;
}

/** An empty protobuf message: five bytes that say so. */
const EMPTY_MESSAGE = Buffer.alloc(5);
const PERMISSION_DENIED = '7';
/** What is answered, with nothing in it; everything else is refused. */
const ANSWERED = new Set(['GetSystemInfo', 'DescribeNamespace']);

/** The way to a Temporal server, and nothing behind it: TLS on a free port that remembers how it was called. */
export async function fakeTemporal({ answers = ANSWERED }: { answers?: ReadonlySet<string> } = {}) {
  const calls: TemporalCall[] = [];
  const server = createSecureServer({
    ...serverTls('server'),
    ca: CA,
    requestCert: true,
    // Recorded, not judged: the fixtures have certificates of servers only.
    rejectUnauthorized: false,
  });
  server.on('stream', (stream, headers) => {
    const call = callOf(stream.session?.socket as TLSSocket, headers);
    calls.push(call);
    stream.respond({ 'content-type': 'application/grpc', ':status': 200 }, { waitForTrailers: true });
    const isAnswered = answers.has(call.name);
    const status = isAnswered ? '0' : PERMISSION_DENIED;
    stream.on('wantTrailers', () =>
      stream.sendTrailers({ 'grpc-status': status, 'grpc-message': 'not here' }),
    );
    stream.on('error', () => undefined);
    stream.end(isAnswered ? EMPTY_MESSAGE : undefined);
  });
  onTestFinished(closing(server));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, calls };
}

function callOf(socket: TLSSocket, headers: IncomingHttpHeaders): TemporalCall {
  return {
    name: headers[':path']?.split('/').at(-1) ?? '',
    authorization: headers.authorization,
    serverName: socket.servername,
    caller: [socket.getPeerCertificate().subject.CN].flat()[0],
  };
}

/** Callers that stay connected must not keep it. */
function closing(server: Http2SecureServer): () => void {
  const open = new Set<{ destroy(): void }>();
  server.on('session', (session) => {
    open.add(session);
    session.on('close', () => open.delete(session));
    session.on('error', () => undefined);
  });
  return () => {
    for (const session of open) session.destroy();
    server.close();
  };
}
