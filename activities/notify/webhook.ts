import { createHmac } from 'node:crypto';
import type { Sending, WebhookChannel } from './channel.ts';
import type { Delivery, Message } from './message.ts';
import { post } from './post.ts';

/** The header that carries the signature. */
export const SIGNATURE_HEADER = 'muster-signature';

/**
 * Tells a webhook. The signature is over the time of this try and the body; whoever takes it refuses old times, and ids
 * that it has seen.
 */
export async function tellWebhook(
  channel: WebhookChannel,
  message: Message,
  sending: Sending,
): Promise<Delivery> {
  const [url, secret] = await Promise.all([channel.url(), channel.secret()]);
  const body = JSON.stringify(webhookBody(message));
  await post(
    channel,
    { url, body, headers: { [SIGNATURE_HEADER]: signatureOf(secret, sending.now, body) } },
    sending,
  );
  return {};
}

/** `t=<seconds since 1970>,v1=<HMAC-SHA-256 of "t.body", in hex>`. */
export function signatureOf(secret: string, now: number, body: string): string {
  const time = Math.floor(now / 1_000);
  const mac = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
  return `t=${time},v1=${mac}`;
}

function webhookBody({ id, event, at, title, text, link, run, gate }: Message) {
  return {
    version: 1,
    id,
    event,
    time: new Date(at).toISOString(),
    title,
    text,
    ...(link === undefined ? {} : { link }),
    ...(run === undefined
      ? {}
      : { run: { id: run.runId, runbook: run.runbook, mode: run.mode, purpose: run.purpose } }),
    ...(gate === undefined ? {} : { gate }),
  };
}
