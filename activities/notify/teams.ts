import type { Sending, TeamsChannel } from './channel.ts';
import { runLine, type Delivery, type Message } from './message.ts';
import { post } from './post.ts';
import { cut } from './text.ts';

/** Teams refuses messages over 28 KB; the frame around the texts takes its part. */
const MAX_TEXT_BYTES = 14_000;
const MAX_TITLE = 200;
/** Each line is a block of its own, with a frame of its own. */
const MAX_LINES = 60;

/** Writes to a channel of Microsoft Teams. */
export async function tellTeams(
  channel: TeamsChannel,
  message: Message,
  sending: Sending,
): Promise<Delivery> {
  const body = JSON.stringify(teamsBody(message));
  await post(channel, { url: await channel.url(), body, headers: {} }, sending);
  return {};
}

/** An adaptive card in the envelope that the Workflows app takes. */
export function teamsBody(message: Message) {
  const { title, text, link } = message;
  const line = runLine(message);
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [
      paragraph(cut(title, MAX_TITLE), { weight: 'bolder', size: 'large' }),
      ...linesOf(cut(text, MAX_TEXT_BYTES, bytesOf)).map((one) => paragraph(one)),
      ...(line === '' ? [] : [paragraph(cut(line, MAX_TITLE), { isSubtle: true })]),
    ],
    ...(link === undefined
      ? {}
      : { actions: [{ type: 'Action.OpenUrl', title: 'Open in muster', url: link }] }),
  };
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}

/** A text as it stands: a plain text block would read it as Markdown, with links and pictures. */
function paragraph(text: string, style: Readonly<Record<string, string | boolean>> = {}) {
  return { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text, ...style }] };
}

function linesOf(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length <= MAX_LINES) return lines;
  return [...lines.slice(0, MAX_LINES - 1), lines.slice(MAX_LINES - 1).join(' ')];
}

/** What a character takes in JSON. */
function bytesOf(character: string): number {
  return Buffer.byteLength(JSON.stringify(character)) - 2;
}
