import { isIP } from 'node:net';
import { createTransport } from 'nodemailer';
import { escapeMarkup } from '../../src/model/escape-markup.ts';
import { StepError } from '../step-error.ts';
import { CHANNEL_TIMEOUT_MS, type EmailChannel, type Sending } from './channel.ts';
import { runLine, type Delivery, type Message } from './message.ts';
import { errorCode, isDistrust } from './post.ts';
import { cut, shownLine } from './text.ts';

const MAX_SUBJECT = 200;
/** Nothing that a mail program could read as two. */
const ONE_ADDRESS = /^[^\s,;:<>"()@]+@[^\s,;:<>"()@]+$/;

/**
 * Sends an e-mail, to those of the channel or to some that it allows. No error holds what the server said: servers
 * repeat what they were told.
 *
 * @throws StepError `notify.badChannel`, `notify.refused`, `notify.notReached`
 */
export async function tellByEmail(
  channel: EmailChannel,
  message: Message,
  { signal, timeoutMs = CHANNEL_TIMEOUT_MS, to = channel.to }: Sending & { to?: readonly string[] },
): Promise<Delivery> {
  const { name, host, port, encryption, login, from } = channel;
  refuseStrangers(channel, to);
  const ca = await channel.ca?.();
  const transport = createTransport({
    host,
    port,
    secure: encryption === 'tls',
    requireTLS: encryption === 'starttls',
    ignoreTLS: encryption === 'none',
    ...(login === undefined ? {} : { auth: { user: login.username, pass: await login.password() } }),
    tls: {
      minVersion: 'TLSv1.2',
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(ca === undefined ? {} : { ca: [...ca] }),
    },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const { rejected } = await transport.sendMail({
      from,
      to: [...to],
      subject: cut(shownLine(message.title), MAX_SUBJECT),
      text: plainBody(message),
      html: htmlBody(message),
      // The same for each try, so that mail programs show it once.
      messageId: `<${message.id}@muster.invalid>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    return rejected.length === 0
      ? {}
      : { note: `${name} does not reach ${rejected.map(addressOf).join(', ')}` };
  } catch (error) {
    if (signal.aborted) throw error;
    throw mailError(name, error);
  } finally {
    transport.close();
  }
}

/** A runbook must not be able to write to anybody. @throws StepError `notify.refused` */
function refuseStrangers({ name, to, allow }: EmailChannel, wanted: readonly string[]): void {
  const known = [...to, ...allow].map((address) => address.toLowerCase());
  const strangers = wanted.filter((one) => {
    const address = one.toLowerCase();
    if (!ONE_ADDRESS.test(address)) return true;
    return !known.includes(address) && !known.includes(address.slice(address.lastIndexOf('@')));
  });
  if (strangers.length === 0) return;
  throw new StepError(
    'notify.refused',
    `The channel ${name} may not write to ${strangers.join(', ')}. Add them to its \`allow\` in muster.yaml, or correct \`to\`.`,
    { passing: false },
  );
}

function addressOf(rejected: string | { readonly address: string }): string {
  return typeof rejected === 'string' ? rejected : rejected.address;
}

function plainBody(message: Message): string {
  const { text, link } = message;
  return [text, ...(link === undefined ? [] : [link]), runLine(message)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function htmlBody(message: Message): string {
  const { title, text, link } = message;
  const parts = [
    `<h2>${escapeMarkup(title)}</h2>`,
    `<p style="white-space: pre-wrap">${escapeMarkup(text)}</p>`,
    ...(link === undefined ? [] : [`<p><a href="${escapeMarkup(link)}">Open in muster</a></p>`]),
    `<p><small>${escapeMarkup(runLine(message))}</small></p>`,
  ];
  return `<!doctype html><html><body>${parts.join('')}</body></html>`;
}

function mailError(name: string, error: unknown): StepError {
  const status = statusOf(error);
  const answered = status === undefined ? errorCode(error) : `it answered ${status}`;
  const cause = causeOf(error);
  if (isDistrust(cause)) {
    const message = `The mail server of ${name} is not trusted: its certificate was refused (${cause}). Name its authority with \`ca\` in muster.yaml, or correct its host.`;
    return new StepError('notify.refused', message, { passing: false });
  }
  if (errorCode(error) === 'EAUTH' && (status === undefined || status >= 500)) {
    const message = `The mail server of ${name} refuses the login (${answered}). Correct username and password.`;
    return new StepError('notify.refused', message, { passing: false });
  }
  if (errorCode(error) === 'ETLS') {
    const message = `The mail server of ${name} offers no encryption that can be trusted (ETLS). Correct \`encryption\` in muster.yaml.`;
    return new StepError('notify.refused', message, { passing: false });
  }
  if (status !== undefined && status >= 500) {
    const message = `The mail server of ${name} refuses the message: ${answered}. Look at \`from\` and \`to\`.`;
    return new StepError('notify.refused', message, { passing: false, details: { status } });
  }
  return new StepError(
    'notify.notReached',
    `The mail server of ${name} did not take the message (${answered}).`,
    {
      passing: true,
    },
  );
}

/** The library puts its own code over that of Node. */
function causeOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'originalCode' in error ? error.originalCode : undefined;
  return typeof code === 'string' ? code : errorCode(error);
}

function statusOf(error: unknown): number | undefined {
  const status: unknown = error instanceof Error && 'responseCode' in error ? error.responseCode : undefined;
  return typeof status === 'number' ? status : undefined;
}
