import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';

/** A proxy that opens tunnels, refuses them with a status, or says nothing. Gone when the test is. */
export async function proxyServer({ refuse, silent = false }: { refuse?: number; silent?: boolean } = {}) {
  const asked: { authority: string; authorization: string | undefined; client: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    return socket.on('error', () => undefined);
  };
  const server = createServer();
  server.on('connect', ({ url = '', headers }, socket: Socket, head) => {
    asked.push({
      authority: url,
      authorization: headers['proxy-authorization'],
      client: headers['user-agent'],
    });
    keep(socket);
    if (silent) return;
    if (refuse !== undefined) {
      socket.end(`HTTP/1.1 ${refuse} No\r\nx-echo: ${String(headers['proxy-authorization'])}\r\n\r\n`);
      return;
    }
    const { hostname, port } = new URL(`http://${url}`);
    const onward = keep(connect(Number(port), hostname));
    onward.once('connect', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
