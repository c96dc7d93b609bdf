import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { SlackChannel, TeamsChannel } from '../../activities/notify/channel.ts';
import { slackBody } from '../../activities/notify/slack.ts';
import { teamsBody } from '../../activities/notify/teams.ts';
import { without } from '../../src/model/json.ts';
import { channelServer } from '../support/channel-server.ts';
import { failureOf, message, send } from './notify-support.ts';

const slack = (url: string): SlackChannel => ({ kind: 'slack', name: 'chat', url: async () => url });
const teams = (url: string): TeamsChannel => ({ kind: 'teams', name: 'room', url: async () => url });

/** What Slack takes, by its reference of blocks. */
const mrkdwn = z.strictObject({
  type: z.literal('mrkdwn'),
  text: z.string().min(1).max(3_000),
  verbatim: z.boolean(),
});
const slackMessage = z.strictObject({
  text: z.string().min(1),
  blocks: z
    .array(
      z.discriminatedUnion('type', [
        z.strictObject({
          type: z.literal('header'),
          text: z.strictObject({
            type: z.literal('plain_text'),
            text: z.string().min(1).max(150),
            emoji: z.boolean(),
          }),
        }),
        z.strictObject({ type: z.literal('section'), text: mrkdwn }),
        z.strictObject({ type: z.literal('context'), elements: z.array(mrkdwn).min(1).max(10) }),
      ]),
    )
    .max(50),
});

/** What the Workflows app of Teams takes: its envelope, and elements that cards of version 1.4 have. */
const teamsMessage = z.strictObject({
  type: z.literal('message'),
  attachments: z.tuple([
    z.strictObject({
      contentType: z.literal('application/vnd.microsoft.card.adaptive'),
      contentUrl: z.null(),
      content: z.strictObject({
        $schema: z.literal('http://adaptivecards.io/schemas/adaptive-card.json'),
        type: z.literal('AdaptiveCard'),
        version: z.literal('1.4'),
        body: z.array(
          z.strictObject({
            type: z.literal('RichTextBlock'),
            inlines: z.array(
              z.strictObject({
                type: z.literal('TextRun'),
                text: z.string().min(1),
                weight: z.literal('bolder').optional(),
                size: z.literal('large').optional(),
                isSubtle: z.boolean().optional(),
              }),
            ),
          }),
        ),
        actions: z
          .array(z.strictObject({ type: z.literal('Action.OpenUrl'), title: z.string(), url: z.url() }))
          .optional(),
      }),
    }),
  ]),
});
const MAX_TEAMS_BYTES = 28 * 1_024;

const TEXTS: readonly (readonly [what: string, text: string])[] = [
  ['a sentence', 'All machines run.'],
  ['many lines', Array.from({ length: 500 }, (_, line) => `line ${line}`).join('\n')],
  ['many words', 'word '.repeat(4_000)],
  ['what has to be escaped', '&<>'.repeat(6_000)],
  ['quotes', '"\\'.repeat(9_000)],
  ['large characters', '👍'.repeat(9_000)],
  ['empty lines', `a${'\n'.repeat(9_000)}b`],
];

describe('a message for Slack', () => {
  it.each(TEXTS)('stays within the limits with %s', (_what, text) => {
    const body: unknown = slackBody(message({ text, title: text.replaceAll('\n', ' ') }));
    expect(slackMessage.safeParse(body).error).toBeUndefined();
  });

  it('mentions nobody and leads nowhere else', () => {
    const text = JSON.stringify(
      slackBody(message({ text: '<!channel> <https://evil.example|muster> @here' })),
    );
    expect(text).toContain('&lt;!channel&gt; &lt;https://evil.example|muster&gt;');
    expect(text.match(/<[^>]*>/g)).toEqual(['<https://muster.example/runs/canary-1|Open in muster>']);
  });

  it('is cut at no half of an escape', () => {
    const parts = slackBody(message({ text: `${'x'.repeat(2_998)}&&&` })).blocks.flatMap((block) =>
      block.type === 'section' && 'text' in block ? [block.text.text] : [],
    );
    expect(parts.join('')).toContain(`${'x'.repeat(2_998)}&amp;&amp;&amp;`);
    expect(parts.every((part) => !/&(?!amp;|lt;|gt;)/.test(part))).toBe(true);
  });

  it('is posted to the address that only the channel knows', async () => {
    const server = await channelServer();
    await send(slack(`${server.url}/services/T/B/X`));
    const [post] = await server.received(1);
    expect(post?.path).toBe('/services/T/B/X');
    expect(slackMessage.safeParse(JSON.parse(post?.body ?? '')).success).toBe(true);
  });

  it('is not tried again where the channel is gone', async () => {
    const server = await channelServer();
    server.answer({ status: 404, text: 'no_service' });
    expect((await failureOf(send(slack(server.url)))).code).toBe('notify.refused');
  });
});

describe('a card for Teams', () => {
  it.each(TEXTS)('stays within the limits with %s', (_what, text) => {
    const body = teamsBody(message({ text, title: text.replaceAll('\n', ' ') }));
    expect(teamsMessage.safeParse(body).error).toBeUndefined();
    expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(MAX_TEAMS_BYTES);
  });

  it('has one link, which is ours', () => {
    const text = JSON.stringify(teamsBody(message({ text: '[muster](https://evil.example)' })));
    expect(text.match(/"url":"[^"]*"/g)).toEqual(['"url":"https://muster.example/runs/canary-1"']);
    expect(text).not.toContain('"TextBlock"');
  });

  it('has no link where nobody knows one', () => {
    const plain = without(message(), ['link']);
    expect(JSON.stringify(teamsBody(plain))).not.toContain('Action');
  });

  it('is taken when Teams says that it is on its way', async () => {
    const server = await channelServer();
    server.answer({ status: 202 });
    expect(await send(teams(`${server.url}/workflows/1?sig=abc`))).toEqual({});
    expect(server.posts[0]?.path).toBe('/workflows/1?sig=abc');
  });
});
