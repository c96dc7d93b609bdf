import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Witness, WitnessAnswer } from '../../src/ledger/index.ts';

export interface Served {
  readonly url: string;
  readonly requests: readonly string[];
  close(): Promise<void>;
}

/** A server of tlog-witness on loopback, in front of any witness. */
export async function serveWitness(witness: Witness): Promise<Served> {
  return serve(async (body, response) => {
    const [head = '', ...rest] = body.split('\n\n');
    const [old = '', ...proof] = head.split('\n');
    const answer = await witness.add({
      oldSize: Number(old.replace('old ', '')),
      proof: proof.map((line) => Buffer.from(line, 'base64')),
      checkpoint: rest.join('\n\n'),
    });
    answerWith(response, answer);
  });
}

/** A server that does what a test wants with each request. */
export async function serve(
  handle: (body: string, response: ServerResponse) => void | Promise<void>,
): Promise<Served> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8');
      requests.push(`${request.method ?? ''} ${request.url ?? ''}\n${body}`);
      void handle(body, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/w`, requests, close: () => closed(server) };
}

function answerWith(response: ServerResponse, answer: WitnessAnswer): void {
  switch (answer.kind) {
    case 'cosigned':
      response.writeHead(200).end(answer.lines);
      return;
    case 'conflict':
      response.writeHead(409, { 'content-type': 'text/x.tlog.size' }).end(`${answer.size ?? ''}\n`);
      return;
    case 'inconsistent':
      response.writeHead(422).end();
      return;
    case 'refused':
      response.writeHead(403).end();
  }
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
