import { setTimeout as pause } from 'node:timers/promises';
import type { RunView } from '../src/client/index.ts';
import type { StepRecord } from '../src/model/run.ts';
import { countingClock, type CountingClock } from './counting-clock.ts';
import { plansWithChecks } from './plans.ts';
import { atMost, row, type Row } from './row.ts';
import { approvalBesideChecks, approvalBesideWatch, commandsInARow } from './runbooks.ts';
import { onStage, type Stage } from './stage.ts';
import type { Tools } from './tools.ts';

/** How often each reaction is measured. */
const TIMES = 5;
const CANCEL_GOAL_MS = 3_000;
const APPROVAL_GOAL_MS = 1_000;
/** A check that outlasts the bench. */
const ENDLESS_SECONDS = 1e9;
const POLL_MS = 50;
/** A watch that has not polled for so many times its pause has stopped. */
const QUIET_MS = 40 * POLL_MS;
const LOOK_EVERY_MS = 20;
/** So many that the branch still reads when somebody has said yes. */
const READS = 300;

/** How soon a run does what people tell it while it watches something. */
export async function measureReaction(tools: Tools): Promise<Row[]> {
  const rounds = Array.from({ length: TIMES }, (_, index) => index + 1);
  // A plan can be watched once: its check never ends.
  const names = rounds.flatMap((round) => [`CANCELLED-${round}`, `APPROVED-${round}`]);
  const clock = countingClock();
  const scenario = plansWithChecks(Object.fromEntries(names.map((name) => [name, ENDLESS_SECONDS])));
  return onStage(tools, { pollMs: POLL_MS, simulation: { clock, scenario } }, async (stage) => {
    const cancels = [];
    const approvals = [];
    const besideReads = [];
    for (const round of rounds) {
      tools.say(`reaction: ${round} of ${TIMES}`);
      cancels.push(await cancelInMidWatch(stage, clock, `CANCELLED-${round}`));
      approvals.push(await approveBesideWatch(stage, clock, `APPROVED-${round}`));
      besideReads.push(await approveBesideReads(stage));
    }
    return [
      row(
        'cancelling in mid-watch: the run has ended',
        'ms',
        cancels.map(({ endedMs }) => endedMs),
        atMost(CANCEL_GOAL_MS, 'max'),
      ),
      row(
        'cancelling in mid-watch: the last poll',
        'ms',
        cancels.map(({ lastPollMs }) => lastPollMs),
        atMost(CANCEL_GOAL_MS, 'max'),
      ),
      row(
        'an approval beside a branch that watches: the next step',
        'ms',
        approvals,
        atMost(APPROVAL_GOAL_MS, 'max'),
      ),
      row(
        'an approval beside a branch of reads: the next step',
        'ms',
        besideReads,
        atMost(APPROVAL_GOAL_MS, 'max'),
      ),
    ];
  });
}

async function cancelInMidWatch(
  stage: Stage,
  clock: CountingClock,
  plan: string,
): Promise<{ endedMs: number; lastPollMs: number }> {
  const runId = await stage.start(commandsInARow(1, plan), 'live');
  await stage.until(runId, (view) => isWatched('command1', view));
  const asked = performance.now();
  await stage.muster.cancel({ runId, reason: 'measured' });
  await stage.until(runId, ({ state }) => state === 'cancelled');
  const endedMs = performance.now() - asked;
  await untilQuiet(clock);
  return { endedMs, lastPollMs: Math.max(0, clock.lastReadAt - asked) };
}

async function approveBesideWatch(stage: Stage, clock: CountingClock, plan: string): Promise<number> {
  const runId = await stage.start(approvalBesideWatch(plan, stage.healthUrl), 'live');
  await stage.until(runId, (view) => isWatched('watch', view) && stepOf('go', view).state === 'waiting');
  const ms = await approve(stage, runId);
  await stage.muster.cancel({ runId });
  await untilQuiet(clock);
  return ms;
}

async function approveBesideReads(stage: Stage): Promise<number> {
  const runId = await stage.start(approvalBesideChecks(READS, stage.healthUrl), 'live');
  await stage.until(
    runId,
    (view) => stepOf('check1', view).state === 'ended' && stepOf('go', view).state === 'waiting',
  );
  const ms = await approve(stage, runId);
  await stage.muster.cancel({ runId });
  return ms;
}

/** From the call to the moment at which the step behind the approval began, by the server's clock. */
async function approve(stage: Stage, runId: string): Promise<number> {
  const { path } = stepOf('go', await stage.muster.show(runId));
  const asked = Date.now();
  await stage.muster.vote({ runId, gate: path, decision: 'approve' });
  const after = await stage.until(runId, (view) => stepOf('next', view).startedAt !== undefined);
  return (stepOf('next', after).startedAt ?? Infinity) - asked;
}

/** Whether the command is sent and its watch has said what it sees. */
function isWatched(id: string, view: RunView): boolean {
  const { command, path } = stepOf(id, view);
  return command !== undefined && view.progress[path] !== undefined;
}

function stepOf(id: string, { steps }: RunView): StepRecord {
  const step = steps.find(({ path }) => path.split('/').at(-1) === id);
  if (step === undefined) throw new Error(`The run has no step ${id}.`);
  return step;
}

/** Waits until nothing polls the simulator any more. */
async function untilQuiet(clock: CountingClock): Promise<void> {
  while (performance.now() - clock.lastReadAt < QUIET_MS) await pause(LOOK_EVERY_MS);
}
