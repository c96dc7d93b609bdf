import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';
import { CA, serverTls } from '../veeam/fixtures.ts';
import { awkwardCanary } from './canary-secret.ts';

/** A message as a mail server has taken it. */
export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  /** As it was sent, with its headers. */
  readonly text: string;
  readonly isEncrypted: boolean;
  readonly user: string | undefined;
}

export interface MailServer {
  readonly port: number;
  /** The authority of its certificate. */
  readonly ca: string;
  readonly mails: readonly Mail[];
}

/** What a mail server refuses, and how. */
export function smtpRefusal(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}

/** Of anna. */
export const MAIL_PASSWORD = awkwardCanary();

/** Starts a mail server that takes what anna sends; it ends with the test. */
export async function mailServer({
  certificate = 'server',
  password = MAIL_PASSWORD,
  ...options
}: SMTPServerOptions & {
  readonly certificate?: Parameters<typeof serverTls>[0];
  readonly password?: string;
} = {}): Promise<MailServer> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    ...serverTls(certificate),
    onAuth(given, _session, answer) {
      if (given.username === 'anna' && given.password === password) answer(null, { user: 'anna' });
      // Hostile: it repeats what it was told.
      else answer(smtpRefusal(535, `not ${given.username ?? ''} ${given.password ?? ''}`));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString('utf8'),
          isEncrypted: session.secure,
          user: session.user as string | undefined,
        });
        done();
      });
    },
    ...options,
  });
  // What a client breaks off is not this server's trouble.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.server.address() as AddressInfo;
  return { port, ca: CA, mails };
}
