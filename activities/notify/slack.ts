import type { Sending, SlackChannel } from './channel.ts';
import { runLine, type Delivery, type Message } from './message.ts';
import { post } from './post.ts';
import { cut } from './text.ts';

/** Slack's own limits: characters of a header, of a text after it was escaped. */
const MAX_HEADER = 150;
const MAX_SECTION = 3_000;
/** A message of more is not read. */
const MAX_SECTIONS = 5;

/** Writes to a channel of Slack. */
export async function tellSlack(
  channel: SlackChannel,
  message: Message,
  sending: Sending,
): Promise<Delivery> {
  const body = JSON.stringify(slackBody(message));
  await post(channel, { url: await channel.url(), body, headers: {} }, sending);
  return {};
}

/** Blocks, and a line for where those are not shown. Whatever stands in a text mentions nobody and links nowhere. */
export function slackBody(message: Message) {
  const { title, text, link } = message;
  const line = runLine(message);
  return {
    text: escaped(cut(title, MAX_HEADER)),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(title, MAX_HEADER), emoji: false } },
      ...sectionsOf(text).map((part) => section(part)),
      ...(link === undefined ? [] : [section(`<${escaped(link)}|Open in muster>`)]),
      ...(line === '' ? [] : [{ type: 'context', elements: [mrkdwn(escaped(cut(line, MAX_SECTION / 5)))] }]),
    ],
  };
}

function mrkdwn(text: string) {
  // Verbatim: no names of people and channels, and no addresses, are found in the text.
  return { type: 'mrkdwn', text, verbatim: true };
}

function section(text: string) {
  return { type: 'section', text: mrkdwn(text) };
}

/** The text in pieces that Slack takes. */
function sectionsOf(text: string): string[] {
  const pieces = [''];
  for (const character of cut(text, MAX_SECTIONS * (MAX_SECTION - 5), costOf)) {
    const piece = pieces.at(-1) ?? '';
    const next = escaped(character);
    if (piece.length + next.length > MAX_SECTION) pieces.push(next);
    else pieces[pieces.length - 1] = piece + next;
  }
  return pieces;
}

function costOf(character: string): number {
  return escaped(character).length;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
