import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { canarySecret } from '../support/canary-secret.ts';
import { channelServer, type ChannelServer } from '../support/channel-server.ts';
import { outcomesOf, runbookOf, stageForTest, stepOf, type Stage } from '../support/stage.ts';

/** A stage whose channel `ops` is this server, and is told of gates. */
async function stageWith({ url }: Pick<ChannelServer, 'url'>): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'muster-notify-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'key'), canarySecret());
  const channels = `
channels:
  ops: { kind: webhook, url: '${url}/hook', secret: { file: ${join(folder, 'key')} } }
  chat: { kind: slack, url: { env: NO_SUCH_VARIABLE_IN_TESTS } }
notifications: { gates: [ops], link: https://muster.example }
`;
  return stageForTest({ config: `${await readFile('muster.yaml', 'utf8')}${channels}` });
}

const bodies = ({ posts }: ChannelServer) =>
  posts.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
const NOWHERE = { url: 'http://127.0.0.1:9' };

/** Runs these steps to their end, with `ops` at a place where nobody listens unless there is a server. */
async function ran(lines: string, server: Pick<ChannelServer, 'url'> = NOWHERE) {
  const stage = await stageWith(server);
  return stage.ended(await stage.start(runbookOf(lines)));
}

describe('a notification', () => {
  test('tells at the end of a run how it came out', async () => {
    const server = await channelServer();
    const view = await ran(
      `
steps: [{ id: a, check: 1 < 2 }]
always: [{ id: tell, uses: notify.webhook, with: { channel: ops, text: 'It \${{ run.outcome }}.' } }]
`,
      server,
    );
    expect(stepOf(view, 'always/tell')).toMatchObject({ outcome: 'succeeded', output: { delivered: true } });
    const { runId } = view.timeline.run;
    expect(bodies(server)).toMatchObject([
      {
        event: 'notify',
        text: 'It succeeded.',
        run: { id: runId },
        link: `https://muster.example/runs/${runId}`,
      },
    ]);
  });

  test('is sent again under the same id when the channel fails', async () => {
    const server = await channelServer();
    server.answer({ status: 500 }, { status: 503, headers: { 'retry-after': '1' } });
    const view = await ran(
      'steps: [{ id: tell, uses: notify.webhook, with: { channel: ops, text: hello } }]\n',
      server,
    );
    expect(view.outcome).toBe('succeeded');
    const ids = bodies(server).map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([3, 1]);
  });
});

describe('a notification that reaches nobody', () => {
  test.each([
    ['where nobody listens', 'channel: ops, text: hello', 'ECONNREFUSED'],
    ['through a channel that is not there', 'channel: none, text: hello', 'no channel "none"'],
    ['through a channel of another kind', 'channel: chat, text: hello', 'of kind slack'],
    ['with a text that cannot be made', "channel: ops, text: '${{ string(1 / inputs.zero) }}'", 'by zero'],
  ])('%s leaves its step warned, and the run goes on', async (_what, given, reason) => {
    const view = await ran(`
inputs: { zero: { type: integer, default: 0 } }
steps:
  - { id: tell, uses: notify.webhook, timeout: 8s, with: { ${given} } }
  - { id: after, check: '!steps.tell.output.delivered' }
`);
    expect(outcomesOf(view)).toEqual({ tell: 'warned', after: 'succeeded' });
    expect(stepOf(view, 'tell').reason).toContain(reason);
    expect(view.outcome).toBe('warned');
  });

  test('changes nothing of what the run has come to, when it is over', async () => {
    const view = await ran(`
steps: [{ id: a, check: 1 < 2 }]
always: [{ id: tell, uses: notify.webhook, timeout: 2s, with: { channel: ops, text: hello } }]
`);
    expect([view.outcome, stepOf(view, 'always/tell').outcome]).toEqual(['succeeded', 'warned']);
  });

  test('says which secret is missing, and not what it is', async () => {
    const view = await ran(
      'steps: [{ id: tell, uses: notify.slack, with: { channel: chat, text: hello } }]\n',
    );
    expect(stepOf(view, 'tell').reason).toContain('NO_SUCH_VARIABLE_IN_TESTS');
  });

  test('is not waited for when the run is cancelled', async () => {
    const server = await channelServer();
    server.answer('hang');
    const stage = await stageWith(server);
    const runId = await stage.start(
      runbookOf('steps: [{ id: tell, uses: notify.webhook, with: { channel: ops, text: hello } }]\n'),
    );
    await server.received(1);
    await stage.muster.cancel({ runId, person: 'anna' });
    const view = await stage.ended(runId);
    server.hangUp();
    expect([view.outcome, stepOf(view, 'tell').outcome]).toEqual(['cancelled', 'cancelled']);
  });

  test('is seen in what is known of the channel', async () => {
    const stage = await stageWith(NOWHERE);
    await stage.ended(
      await stage.start(
        runbookOf(
          'steps: [{ id: tell, uses: notify.webhook, timeout: 1s, with: { channel: ops, text: hello } }]\n',
        ),
      ),
    );
    expect(await stage.data.stores.channels.all()).toMatchObject([
      { channel: 'ops', failures: 1, reason: expect.stringContaining('ECONNREFUSED') as string },
    ]);
  });
});

test('a notification that is frozen tells nobody before the freeze ends', async () => {
  const server = await channelServer();
  const stage = await stageWith(server);
  const anna = stage.muster.as('anna');
  const runId = await stage.start(
    runbookOf(`
steps:
  - { id: go, approval: { title: Go on?, rules: [{ role: dr-manager, count: 1 }] } }
  - { id: tell, uses: notify.webhook, with: { channel: ops, text: hello } }
`),
  );
  await stage.gate(runId, 'go');
  const { freeze } = await anna.freeze({ reason: 'wait', scope: { runbooks: 'test' } });
  await stage.muster.vote({ runId, gate: 'go', decision: 'approve', person: 'boris' });
  await stage.until(runId, (view) => stepOf(view, 'tell').frozen !== undefined);
  expect(bodies(server).map(({ event }) => event)).not.toContain('notify');
  await anna.unfreeze({ id: freeze.id });
  expect(stepOf(await stage.ended(runId), 'tell').outcome).toBe('succeeded');
});

describe('a gate', () => {
  const GATED = runbookOf(
    'steps: [{ id: go, approval: { title: Go on?, rules: [{ role: dr-manager, count: 1 }] } }]\n',
  );

  test('tells that it waits, with a link to its page', async () => {
    const server = await channelServer();
    const stage = await stageWith(server);
    const runId = await stage.start(GATED);
    await server.received(1);
    expect(bodies(server)).toMatchObject([
      { event: 'gate.opened', gate: 'go', link: `https://muster.example/runs/${runId}/gates/go` },
    ]);
  });

  test('opens although nobody can be told', async () => {
    const stage = await stageWith(NOWHERE);
    const runId = await stage.start(GATED);
    await stage.gate(runId, 'go');
    await stage.muster.vote({ runId, gate: 'go', decision: 'approve', person: 'boris' });
    expect((await stage.ended(runId)).outcome).toBe('succeeded');
  });
});
