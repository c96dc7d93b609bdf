import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a channel was sent. */
export interface Post {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** How a post is answered. */
export type Answer =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly text?: string }
  | 'hang'
  | 'reset'
  | 'flood';

/** A server that takes what is posted to it. */
export interface ChannelServer {
  readonly url: string;
  readonly posts: readonly Post[];
  /** The answers to come, in order; then 200 again. */
  answer(...answers: readonly Answer[]): void;
  /** Ends all connections, also those on which something is still waited for. */
  hangUp(): void;
  /** Waits for this many posts. */
  received(count: number): Promise<readonly Post[]>;
}

const PIECE = Buffer.alloc(64 * 1_024, 'x');

/** Starts one on a free port; it ends with the test. */
export async function channelServer({
  tls,
}: { tls?: { readonly cert: string; readonly key: string } } = {}): Promise<ChannelServer> {
  const posts: Post[] = [];
  const answers: Answer[] = [];
  const waiting: { count: number; tell: () => void }[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    posts.push({
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    });
    for (const one of waiting) if (posts.length >= one.count) one.tell();
    const answer = answers.shift() ?? { status: 200, text: 'ok' };
    if (answer === 'hang') return;
    if (answer === 'reset') {
      request.socket.resetAndDestroy();
    } else if (answer === 'flood') {
      response.writeHead(200);
      const flow = (): void => {
        while (!response.destroyed && response.write(PIECE));
      };
      response.on('drain', flow);
      flow();
    } else {
      response.writeHead(answer.status, answer.headers);
      response.end(answer.text ?? '');
    }
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    handle(request, response).catch(() => response.destroy());
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    posts,
    answer: (...more) => answers.push(...more),
    hangUp: () => server.closeAllConnections(),
    async received(count) {
      if (posts.length < count) {
        await new Promise<void>((tell) => waiting.push({ count, tell }));
      }
      return posts;
    },
  };
}
