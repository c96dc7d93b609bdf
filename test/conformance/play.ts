import { setTimeout as pause } from 'node:timers/promises';
import { MusterError, type RunView } from '../../src/client/index.ts';
import { IdentityError } from '../../src/identity/index.ts';
import { DECISIONS, type Decision } from '../../src/model/vote.ts';
import type { Gate, StepRecord } from '../../src/model/run.ts';
import type { VirtualClock } from '../../src/simulator/index.ts';
import type { Stage } from '../support/stage.ts';
import type { Act } from './case.ts';

/** Between two looks at a run that moves; one that waits is looked at less and less often. */
const FIRST_LOOK_MS = 100;
const LAST_LOOK_MS = 500;
/** A run that does not move for so long waits for what nobody will do; no case waits longer by itself. */
const STUCK_AFTER_MS = 30_000;
const AN_HOUR_IN_MS = 3_600_000;

/** A run that is over, and the gates that were seen open while it went on, in the order of their opening. */
export interface Played {
  readonly view: RunView;
  readonly gates: readonly string[];
}

/** Does what a case says while a run goes on, and waits for its end. @throws Error when the run or the script gets stuck */
export async function play(
  { stage, clock }: { readonly stage: Stage; readonly clock: VirtualClock | undefined },
  runId: string,
  acts: readonly Act[],
): Promise<Played> {
  const waiting = [...acts];
  const seen = new Map<string, { readonly at: number; readonly what: string }>();
  let [known, movedAt, nextLookMs] = ['', performance.now(), FIRST_LOOK_MS];
  for (;;) {
    const view = await stage.muster.show(runId).catch((error: unknown) => String(error));
    if (typeof view !== 'string') {
      noteGates(view, seen);
      const [next] = waiting;
      if (next !== undefined && isReady(view, next)) {
        waiting.shift();
        await perform(stage, clock, runId, next);
        continue;
      }
      if (view.timeline.endedAt !== undefined && next === undefined) {
        const gates = [...seen.values()].sort((a, b) => a.at - b.at).map(({ what }) => what);
        return { view, gates };
      }
      if (view.timeline.endedAt !== undefined) throw stuck(view, next, 'The run is over.');
    }
    const now = typeof view === 'string' ? view : standing(view);
    if (now !== known) [known, movedAt, nextLookMs] = [now, performance.now(), FIRST_LOOK_MS];
    if (performance.now() - movedAt > STUCK_AFTER_MS) throw stuck(view, waiting[0], 'The run does not move.');
    await pause(nextLookMs);
    nextLookMs = Math.min(nextLookMs * 1.25, LAST_LOOK_MS);
  }
}

function noteGates(
  { steps }: RunView,
  seen: Map<string, { readonly at: number; readonly what: string }>,
): void {
  for (const { path, gate, state, failure } of steps) {
    if (state !== 'waiting' || gate === undefined || seen.has(gate.nonce)) continue;
    const code = gate.kind === 'decision' ? ` ${failure?.code ?? 'none'}` : '';
    seen.set(gate.nonce, { at: gate.openedAt, what: `${path} ${gate.kind}${code}` });
  }
}

function isReady({ steps }: RunView, { at, state, does, refused }: Act): boolean {
  const step = steps.find(({ path }) => path === at);
  if (step === undefined) return false;
  const isOpen = step.state === 'waiting' && step.gate !== undefined && step.gate.closedAt === undefined;
  // A manual step asks before it fails; a decision is meant for the gate behind that.
  const isMeant = refused === true || does === 'withdraw' || step.gate?.kind === gateOf(does);
  if (isAnswer(does) && !(isOpen && isMeant)) return false;
  return state === undefined ? isAnswer(does) || isBegun(step) : isIn(step, state);
}

function isBegun({ state }: StepRecord): boolean {
  return state === 'running' || state === 'waiting';
}

function isIn(step: StepRecord, state: NonNullable<Act['state']>): boolean {
  switch (state) {
    case 'paused':
      return step.paused !== undefined;
    case 'watching':
      return step.state === 'running' && step.command !== undefined;
    case 'retrying':
      return step.tried?.nextAt !== undefined;
    case 'overdue':
      return step.gate?.overdue === true;
    case 'pending':
    case 'running':
    case 'waiting':
    case 'ended':
      return step.state === state;
  }
}

async function perform(
  stage: Stage,
  clock: VirtualClock | undefined,
  runId: string,
  act: Act,
): Promise<void> {
  try {
    await perhaps(stage, clock, runId, act);
  } catch (error) {
    const code = error instanceof MusterError || error instanceof IdentityError ? error.code : '';
    // `unanswered`, on a machine that is busy: the answer is kept, and a run that never looks at it does not move.
    const expected = act.refused === true ? ['vote.refused', 'identity.notAllowed'] : ['vote.unanswered'];
    if (!expected.includes(code)) throw error;
    return;
  }
  if (act.refused === true) throw new Error(`${act.does} at ${act.at} was not refused`);
}

async function perhaps(
  { muster, simulator }: Stage,
  clock: VirtualClock | undefined,
  runId: string,
  { at, does, by, step, option, answer, values, comment, command, plan }: Act,
): Promise<void> {
  const person = by ?? (does === 'approve' || does === 'reject' ? 'boris' : 'anna');
  const reason = { ...(comment !== undefined && { reason: comment }) };
  switch (does) {
    case 'cancel':
      await muster.cancel({ runId, person, ...reason });
      return;
    case 'pause':
    case 'resume':
      await muster[does]({ runId, person, ...reason, ...(step !== undefined && { step }) });
      return;
    case 'advance':
      clock?.advance(AN_HOUR_IN_MS);
      return;
    case 'simulate':
      simulator.world.command(plan ?? '', { action: command ?? 'Failover' });
      return;
    case 'nothing':
      return;
    default:
      await muster.vote({
        runId,
        gate: at,
        decision: does,
        person,
        comment: comment ?? 'for the test',
        ...(option !== undefined && { option }),
        ...(answer !== undefined && { answer }),
        ...(values !== undefined && { values }),
      });
  }
}

/** The kind of gate that an answer is for. */
function gateOf(does: Act['does']): Gate['kind'] {
  if (does === 'approve' || does === 'reject') return 'approval';
  return does === 'answer' ? 'manual' : 'decision';
}

function isAnswer(does: Act['does']): does is Decision {
  return (DECISIONS as readonly string[]).includes(does);
}

function standing({ steps, timeline }: RunView): string {
  const states = steps.map(({ state, attempt, gate }) => `${state}${attempt}${gate?.votes.length ?? ''}`);
  return `${states.join()} ${timeline.continuations}`;
}

function stuck(view: RunView | string, act: Act | undefined, why: string): Error {
  const lines =
    typeof view === 'string'
      ? [view]
      : view.steps.map(({ path, state, outcome, reason, failure }) =>
          [path, state, outcome, reason, failure?.code, failure?.message]
            .filter((part) => part !== undefined)
            .join(' '),
        );
  const next = act === undefined ? 'nothing is left to do' : `${act.does} at ${act.at} is still to be done`;
  return new Error(`${why} ${next}.\n${lines.join('\n')}`);
}
