import { ApplicationFailure } from '@temporalio/common';
import { sleep } from '@temporalio/workflow';
import type { ActionResult, CommandInput } from '../../activities/contract.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { CommandDone, StepRecord } from '../../src/model/run.ts';
import type { Retry, UsesStep } from '../../src/model/runbook.ts';
import type { Engine } from '../engine.ts';
import { failureOf } from '../failure.ts';
import type { StepEnd } from '../records.ts';
import { isInterruption } from '../interruption.ts';
import { askConsent, consentRules } from './consent.ts';
import { acceptEnd, acceptFailure } from './accept.ts';
import { isFrozen } from '../thaw.ts';
import { actionInput, renderedWith, sendCommand } from './command.ts';
import { runNotify } from './notify.ts';

/** A worker that polls needs a moment to report that its time is over; the server's own limit comes after it. */
const GRACE_MS = 15_000;

/** Whatever a runbook's factor makes of it, nobody waits longer than a day for the next attempt. */
const MAX_PAUSE_MS = 24 * 3_600_000;

/** Runs an action, as often as `retry` says. */
export async function runUses(engine: Engine, step: UsesStep, record: StepRecord): Promise<StepEnd> {
  if (step.action.effect === 'notify') {
    return whenThawed(engine, record, () => runNotify(engine, step, record));
  }
  const { accept } = step;
  if (accept === undefined) return runTries(engine, step, record);
  try {
    return acceptEnd(engine.scope.at(step.path), accept, await runTries(engine, step, record));
  } catch (error) {
    if (isInterruption(error)) throw error;
    const { hold, scope } = engine;
    return acceptFailure(scope.at(step.path), accept, { failure: failureOf(error), hold });
  }
}

async function runTries(engine: Engine, step: UsesStep, record: StepRecord): Promise<StepEnd> {
  const retry = step.retry ?? { attempts: 1, backoffMs: 0 };
  for (;;) {
    await untilNextTry(engine, record);
    try {
      const end = await whenThawed(engine, record, () => attempt(engine, step, record));
      delete record.tried;
      return end;
    } catch (error) {
      if (isInterruption(error)) throw error;
      // What may have had an effect, and what a person must look at, is never tried again by itself.
      const { code } = failureOf(error);
      const times = (record.tried?.times ?? 0) + 1;
      delete record.tried;
      if (times >= retry.attempts || record.command !== undefined || !mayRetry(code, retry)) throw error;
      record.tried = { times, nextAt: engine.now() + pauseBefore(times + 1, retry) };
      delete record.dueAt;
    }
  }
}

/** Performs a step as soon as nothing freezes it. The time in which it was held back is none of its own. */
function whenThawed(engine: Engine, record: StepRecord, perform: () => Promise<StepEnd>): Promise<StepEnd> {
  return engine.thaw.whenThawed(record, async () => {
    try {
      return await perform();
    } catch (error) {
      if (isFrozen(error) && record.command === undefined) delete record.dueAt;
      throw error;
    }
  });
}

/** Waits for the next try; its time is absolute, so that continuing as new neither shortens the pause nor forgets a try. */
async function untilNextTry(engine: Engine, record: StepRecord): Promise<void> {
  const { times, nextAt } = record.tried ?? {};
  if (times === undefined || nextAt === undefined) return;
  // Always a timer, though the time may have come: after a local activity a replay may see another time.
  const remainingMs = Math.max(1, nextAt - engine.now());
  await engine.interruption.interruptible(() => sleep(remainingMs));
  record.attempt += 1;
  record.tried = { times };
}

function mayRetry(code: string, { on }: Retry): boolean {
  if (code.startsWith('effect.') || code.startsWith('fence.') || code === 'step.badInput') return false;
  return (
    on === undefined ||
    on.some((one) => one === code || (one.endsWith('.*') && code.startsWith(one.slice(0, -1))))
  );
}

/** Milliseconds. */
function pauseBefore(next: number, { backoffMs, factor = 1, maxBackoffMs = Infinity }: Retry): number {
  return Math.min(backoffMs * factor ** (next - 2), maxBackoffMs, MAX_PAUSE_MS);
}

async function attempt(engine: Engine, step: UsesStep, record: StepRecord): Promise<StepEnd> {
  const rendered = renderedWith(engine, step, record);
  switch (step.action.effect) {
    case 'command':
      return runCommand(engine, step, record, rendered);
    case 'watch':
      return ended(await watch(engine, step, record, rendered, step.uses));
    case 'read':
    case 'notify':
      return ended(await read(engine, step, record, rendered));
  }
}

async function runCommand(
  engine: Engine,
  step: UsesStep,
  record: StepRecord,
  rendered: JsonObject,
): Promise<StepEnd> {
  const input = actionInput(engine, step, record, rendered);
  if (record.command === undefined && record.corrected !== undefined) await consent(engine, step, record);
  record.command ??= await sendWhenFree(engine, step, record, { ...input, covers: engine.state.grants() });
  const { command } = record;
  if (step.rollback !== undefined && command.how !== 'satisfied') record.toTakeBack = true;
  const { settlesBy } = step.action;
  // A command that found its goal reached has nothing to watch: it has looked already.
  if (settlesBy !== undefined && step.settle !== false && command.how !== 'satisfied') {
    return ended(await watch(engine, step, record, rendered, settlesBy), command.note);
  }
  return {
    outcome: 'succeeded',
    output: command.output ?? {},
    ...(command.outputDigest === undefined ? {} : { outputDigest: command.outputDigest }),
    ...(command.note === undefined ? {} : { reason: command.note }),
  };
}

/** Corrected inputs are not what was approved: whoever had to approve is asked again. */
async function consent(engine: Engine, step: UsesStep, record: StepRecord): Promise<void> {
  const rules = consentRules(engine, step);
  const refusal = rules && (await askConsent(engine, step, record, rules));
  if (refusal === undefined) return;
  throw ApplicationFailure.nonRetryable(
    `The corrected inputs were not approved: ${refusal}. Nothing was sent.`,
    'fence.notAllowed',
  );
}

/**
 * Sends a command. One of the cleanup waits for a plan that is still at work: a run that was stopped in the middle of a
 * failover can undo it only when it has come to rest.
 */
async function sendWhenFree(
  engine: Engine,
  step: UsesStep,
  record: StepRecord,
  input: CommandInput,
): Promise<CommandDone> {
  for (;;) {
    try {
      return await sendCommand(engine, { ...input, attempt: record.attempt });
    } catch (error) {
      const { code, details } = failureOf(error);
      const isBusy = code === 'vro.illegalState' && details?.['position'] === 'active';
      if (!isBusy || (input.phase !== 'cleanup' && input.phase !== 'rollback')) throw error;
    }
    await untilAtRest(engine, step, record, input);
    record.attempt += 1;
  }
}

/** Waits until nothing runs on the plan; that it rests in a failure is the business of what comes next. */
async function untilAtRest(
  engine: Engine,
  step: UsesStep,
  record: StepRecord,
  { with: given }: CommandInput,
): Promise<void> {
  try {
    await watch(engine, step, record, given, 'vro.waitUntilStable');
  } catch (error) {
    if (isInterruption(error)) throw error;
    const { code } = failureOf(error);
    if (code !== 'vro.planHalted' && code !== 'vro.planFailed') throw error;
  } finally {
    delete record.dueAt;
  }
}

function watch(
  engine: Engine,
  step: UsesStep,
  record: StepRecord,
  rendered: JsonObject,
  action: string,
): Promise<ActionResult> {
  const timeoutMs = step.timeoutMs ?? step.action.timeoutMs;
  record.dueAt ??= engine.now() + timeoutMs;
  const { command } = record;
  const { input: target } = step.action.target ?? {};
  // A watch after a command is told what the command acts on, and no more of its values.
  const given = command === undefined ? rendered : pick(rendered, target);
  const input = {
    ...actionInput(engine, step, record, given),
    action,
    ...(command === undefined ? {} : { command }),
  };
  return engine.poll(action, input, Math.max(1, record.dueAt - engine.now()));
}

function pick(rendered: JsonObject, name: string | undefined): JsonObject {
  const value = name === undefined ? undefined : rendered[name];
  return name === undefined || value === undefined ? {} : { [name]: value };
}

function read(
  engine: Engine,
  step: UsesStep,
  record: StepRecord,
  rendered: JsonObject,
): Promise<ActionResult> {
  const input = actionInput(engine, step, record, rendered);
  if (step.until === undefined) return engine.read(input, step.timeoutMs ?? step.action.timeoutMs);
  const { withinMs, everyMs } = step.until;
  record.dueAt ??= engine.now() + withinMs;
  const until = {
    everyMs,
    endsAt: record.dueAt,
    ...(step.until.if === undefined ? {} : { if: step.until.if }),
    scope: engine.scope.at(step.path).pollScope(),
  };
  const remainingMs = Math.max(1, record.dueAt - engine.now()) + GRACE_MS;
  return engine.poll(step.uses, { ...input, until }, remainingMs);
}

function ended({ output, outcome = 'succeeded', note, digest }: ActionResult, commandNote?: string): StepEnd {
  const reason = [commandNote, note].filter((text) => text !== undefined).join('; ');
  return {
    outcome,
    output,
    ...(digest === undefined ? {} : { outputDigest: digest }),
    ...(reason === '' ? {} : { reason }),
  };
}
