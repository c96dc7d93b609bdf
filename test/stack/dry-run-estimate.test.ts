import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { DryRunEstimate, DryRunReport } from '../../src/cli/dry-run-report.ts';
import { ControlError, createControl, type Control } from '../../src/control/index.ts';
import type { Mode } from '../../src/model/runbook.ts';
import { dryRun } from '../../src/stack/dry-run/run-dry-run.ts';
import { noControl } from '../../src/stack/no-control.ts';
import { fakeControl } from '../client/fake-control.ts';
import { runbookOf, stageForTest, type Stage } from '../support/stage.ts';

/** The suite shares a server, so every test takes a name that no other runbook has. */
const newRunbook = (steps: string): string => runbookOf(`steps: [${steps}]\n`, `estimate-${randomUUID()}`);
const ASKING = '{ id: look, check: "true" }, { id: ask, manual: { title: Ready? } }';
const QUICK = '{ id: look, check: "true" }';

async function rehearse(
  { client, data, taskQueue }: Stage,
  text: string,
  { mode = 'drill', control }: { mode?: Mode; control?: Control } = {},
): Promise<DryRunReport> {
  return dryRun(data.config, control ?? createControl({ client, taskQueue }), {
    source: { file: 'test.yaml', text },
    mode,
    purpose: 'exercise',
    inputs: {},
    person: 'anna',
    signal: new AbortController().signal,
    onStep: () => undefined,
  });
}

/** Runs a runbook to its end; who is asked says yes. */
async function ran(stage: Stage, text: string, mode: Mode = 'drill'): Promise<void> {
  const runId = await stage.start(text, { mode });
  if (text.includes('manual')) {
    await stage.gate(runId, 'ask');
    await stage.muster.vote({ runId, gate: 'ask', decision: 'answer', answer: 'done', person: 'anna' });
  }
  await stage.muster.result(runId);
}

/** Temporal finds what has just ended a moment later. */
async function estimated(
  look: () => Promise<DryRunReport>,
  wanted: (estimate: DryRunEstimate) => boolean,
): Promise<DryRunReport> {
  let report = await look();
  await expect.poll(async () => wanted((report = await look()).estimate), { timeout: 20_000 }).toBe(true);
  return report;
}

describe('a dry run on a server with past runs', () => {
  test('tells how long they took, and apart how long people', async () => {
    const stage = await stageForTest();
    const text = newRunbook(ASKING);
    await ran(stage, text);
    await ran(stage, text);
    const { estimate, steps } = await estimated(
      () => rehearse(stage, text),
      (found) => found.kind === 'estimate' && found.runs === 2,
    );
    expect(estimate).toMatchObject({ mode: 'drill', changed: 0, peopleMs: steps[1]?.estimate?.peopleMs });
    expect(steps.map((step) => (step.estimate?.peopleMs ?? 0) > 0)).toEqual([false, true]);
  });

  test('says of drills that they are, when no live run has ended well', async () => {
    const stage = await stageForTest();
    const text = newRunbook(QUICK);
    await ran(stage, text);
    const { estimate } = await estimated(
      () => rehearse(stage, text, { mode: 'live' }),
      ({ kind }) => kind === 'estimate',
    );
    expect(estimate).toMatchObject({ runs: 1, mode: 'drill' });
  });

  test('leaves out drills when live runs tell', async () => {
    const stage = await stageForTest();
    const text = newRunbook(QUICK);
    await ran(stage, text);
    await ran(stage, text, 'live');
    await estimated(
      () => rehearse(stage, text, { mode: 'live' }),
      (found) => found.kind === 'estimate' && found.mode === 'live' && found.runs === 1,
    );
  });

  test('says how many of them ran another version', async () => {
    const stage = await stageForTest();
    const text = newRunbook(QUICK);
    await ran(stage, text);
    const changed = text.replace('"true"', '"1 == 1"');
    const { estimate } = await estimated(
      () => rehearse(stage, changed),
      ({ kind }) => kind === 'estimate',
    );
    expect(estimate).toMatchObject({ runs: 1, changed: 1 });
  });

  test('has nothing to estimate from when they failed', async () => {
    const stage = await stageForTest();
    const text = newRunbook('{ id: look, check: "false", onFailure: stop }');
    await ran(stage, text);
    const name = /^name: (.*)$/m.exec(text)?.[1];
    const listed = async () => (await stage.muster.list()).find(({ runbook }) => runbook === name)?.state;
    await expect.poll(listed, { timeout: 20_000 }).toBe('failed');
    expect((await rehearse(stage, text)).estimate).toEqual({ kind: 'none' });
  });
});

describe('a dry run that cannot look at past runs', () => {
  const QUIET = { worker: false };

  test('says that there is no Temporal, and looks at the steps all the same', async () => {
    const stage = await stageForTest(QUIET);
    const control = noControl('No muster stack runs here.');
    const { estimate, steps } = await rehearse(stage, newRunbook(QUICK), { control });
    expect(estimate).toEqual({
      kind: 'unknown',
      code: 'temporal.unreachable',
      why: 'No muster stack runs here.',
    });
    expect(steps).toMatchObject([{ path: 'look', verdict: 'read' }]);
  });

  test('says that no worker answers for them', async () => {
    const stage = await stageForTest(QUIET);
    const past = { runId: 'test-20250131-k7m2qz', runbook: 'test', mode: 'drill', state: 'succeeded' };
    const control = fakeControl({
      list: async () => [{ ...past, startedAt: 0 }],
      timeline: () => {
        throw new ControlError('run.unanswered');
      },
    });
    const { estimate } = await rehearse(stage, newRunbook(QUICK), { control });
    expect(estimate).toMatchObject({ kind: 'unknown', code: 'run.unanswered' });
  });
});
