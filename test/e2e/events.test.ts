import { describe, expect, onTestFinished, test } from 'vitest';
import { executionsOf, type Execution } from '../support/executions.ts';
import { openStage, stepOf, type Stage, type StageOptions } from '../support/stage.ts';

const EVENTS_PER_READ = 1;
const EVENTS_PER_WATCHED_COMMAND = 13;

/** A busy machine lets a workflow task time out now and then; its events are not the runbook's. */
const TIMED_OUT = 'workflowTaskTimedOutEventAttributes';

const runbookOf = (steps: readonly string[]): string => `
apiVersion: muster/v1
name: economy
title: What a step costs
connections: { vro: dr-site }
inputs: { app: { type: string } }
steps:
${steps.map((step, no) => `  - { id: s${no}, ${step} }`).join('\n')}
`;
const READ = `uses: http.check, with: { url: '\${{ inputs.app }}/apps/always/health', expectStatus: 200 }`;
const COMMAND = 'uses: vro.readinessCheck, with: { plan: ERP-CANARY }';
const REPEATED = `uses: http.check, with: { url: '\${{ inputs.app }}/apps/ERP-CANARY/health', expectStatus: 200 }, until: { within: 10m, every: 1s }`;

async function stageFor(options: StageOptions = {}): Promise<Stage> {
  const stage = await openStage(options);
  onTestFinished(() => stage.close());
  return stage;
}

/** Runs these steps live, where nothing is added to them, and counts what they leave in the history. */
async function run(stage: Stage, steps: readonly string[], meanwhile?: (runId: string) => Promise<void>) {
  const runId = await stage.start(runbookOf(steps), {
    mode: 'live',
    inputs: { app: stage.simulator.urls.app },
  });
  await meanwhile?.(runId);
  const view = await stage.ended(runId);
  await stage.muster.result(runId);
  const executions = await executionsOf(stage, runId);
  return {
    view,
    events: executions.reduce((sum, execution) => sum + eventsOf(execution), 0),
    own: executions.flatMap(({ events }) => events.filter(isOwn).map(nameOf)),
  };
}

/**
 * Whether the run made it: how many workflow tasks it takes to do so, a busy server decides, and who ends a freeze in another test
 * wakes all runs of the server.
 */
function isOwn(event: Execution['events'][number]): boolean {
  return [
    event.workflowTaskScheduledEventAttributes,
    event.workflowTaskStartedEventAttributes,
    event.workflowTaskCompletedEventAttributes,
    event[TIMED_OUT],
    event.workflowTaskFailedEventAttributes,
    event.workflowExecutionSignaledEventAttributes,
  ].every((attributes) => attributes === undefined || attributes === null);
}

/** By the attributes that it has. */
function nameOf(event: Execution['events'][number]): string {
  const [name = ''] = Object.entries(event).flatMap(([key, value]) =>
    key.endsWith('EventAttributes') && value !== null && value !== undefined ? [key] : [],
  );
  return name;
}

/** A busy server adds workflow tasks of its own and never leaves one out: the least of three runs is what steps cost. */
async function leastEvents(stage: Stage, steps: readonly string[]): Promise<number> {
  const counts: number[] = [];
  for (let no = 0; no < 3; no += 1) counts.push((await run(stage, steps)).events);
  return Math.min(...counts);
}

/** A command on a clock of this speed. */
async function commandAt(timeScale: number) {
  return run(await stageFor({ timeScale }), [COMMAND]);
}

function eventsOf({ events }: Execution): number {
  const wasted = new Set<string>();
  for (const event of events) {
    const timedOut = event[TIMED_OUT] ?? event.workflowTaskFailedEventAttributes;
    if (timedOut === undefined || timedOut === null) continue;
    wasted
      .add(String(event.eventId))
      .add(String(timedOut.scheduledEventId))
      .add(String(timedOut.startedEventId));
  }
  return events.filter(({ eventId }) => !wasted.has(String(eventId))).length;
}

describe('a step costs the history', () => {
  test('one event when it reads', async () => {
    const stage = await stageFor();
    const one = await leastEvents(stage, [READ]);
    const five = await leastEvents(stage, [READ, READ, READ, READ, READ]);
    expect((five - one) / 4).toBeLessThanOrEqual(EVENTS_PER_READ);
  });

  test('at most thirteen when it commands and watches', async () => {
    const stage = await stageFor();
    const one = await leastEvents(stage, [READ]);
    const more = await leastEvents(stage, [READ, COMMAND, COMMAND]);
    expect((more - one) / 2).toBeLessThanOrEqual(EVENTS_PER_WATCHED_COMMAND);
  });

  test('the same, however often the watch looks', async () => {
    // The readiness check takes 30 s of simulated time: a second here, and ten there.
    const [quick, slow] = await Promise.all([30, 3].map((timeScale) => commandAt(timeScale)));
    const pollsOf = (done: typeof quick): number => Number(done && stepOf(done.view, 's0').output?.['polls']);
    expect(pollsOf(slow)).toBeGreaterThan(4 * pollsOf(quick));
    expect(slow?.own).toEqual(quick?.own);
  });

  test('the same, however often a read is repeated', async () => {
    const stage = await stageFor();
    const { world } = stage.simulator;
    world.command('ERP-CANARY', { action: 'Failover' });
    await stage.simulator.settled('ERP-CANARY');
    const once = await run(stage, [REPEATED]);
    world.command('ERP-CANARY', { action: 'Undo' });
    await stage.simulator.settled('ERP-CANARY');
    const often = await run(stage, [REPEATED], async (runId) => {
      await stage.until(runId, ({ progress }) => progress['s0']?.says.startsWith('try 3') === true);
      world.command('ERP-CANARY', { action: 'ResetState', executeReadinessCheck: false });
      await stage.simulator.settled('ERP-CANARY');
      world.command('ERP-CANARY', { action: 'Enable' });
      world.command('ERP-CANARY', { action: 'Failover' });
    });
    expect(often.own).toEqual(once.own);
  });
});
