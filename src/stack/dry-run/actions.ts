import type { Deps } from '../../../activities/index.ts';
import { DRIVERS, type CommandName } from '../../../activities/drivers.ts';
import type { Read, ReadName } from '../../../activities/read.ts';
import { parseInput, READS } from '../../../activities/reads.ts';
import { channelOf, type NotifyName } from '../../../activities/notify/notifies.ts';
import { toStepError } from '../../../activities/step-error.ts';
import { coveringApproval } from '../../model/approval.ts';
import { formatDuration } from '../../model/duration.ts';
import { textOf, type JsonObject } from '../../model/json.ts';
import type { Phase, RunIdentity } from '../../model/run.ts';
import type { CompiledRunbook, UsesStep } from '../../model/runbook.ts';
import { shown, type Finding } from './finding.ts';

/** A look at a server answers within this time or not at all: somebody sits and waits. */
const LOOK_TIMEOUT_MS = 60_000;

/** What actions are rehearsed with. */
export interface ActionParts {
  readonly deps: Deps;
  readonly run: RunIdentity;
  readonly runbook: CompiledRunbook;
  readonly signal: AbortSignal;
  /** Targets that commands before would have changed, and which of them. */
  readonly changed: Map<string, string>;
}

/** A finding, and what the step answered when it was really done. */
export interface Rehearsed extends Finding {
  readonly output?: JsonObject;
}

/** Rehearses an action whose values are known: reads are done, of commands their target is looked at. */
export async function rehearseAction(
  step: UsesStep,
  given: JsonObject,
  parts: ActionParts,
  phase: Phase,
): Promise<Rehearsed> {
  try {
    switch (step.action.effect) {
      case 'read':
        return await read(step, given, parts, phase);
      case 'watch':
        return { verdict: 'would', says: [`It would watch ${shown(given)} for up to ${long(step)}.`] };
      case 'command':
        return await look(step, given, parts, phase);
      case 'notify':
        return tell(step, given, parts, phase);
    }
  } catch (error) {
    parts.signal.throwIfAborted();
    const { code, message } = toStepError(error);
    return { verdict: 'blocked', says: [`It would fail now: ${message}`], code };
  }
}

/** Nobody is told in a rehearsal. A channel that is not there would not stop the run either. */
function tell(step: UsesStep, given: JsonObject, { deps, run }: ActionParts, phase: Phase): Rehearsed {
  const channel = textOf(parseInput(step.uses, inputOf(step, given, run, phase))['channel']) ?? '';
  try {
    channelOf(deps.channels, step.uses as NotifyName, channel);
  } catch (error) {
    return { verdict: 'would', says: [`It would tell nobody: ${toStepError(error).message}`] };
  }
  return { verdict: 'would', says: [`It would tell the channel ${channel}: ${shown(given)}`] };
}

function long({ timeoutMs, action }: UsesStep): string {
  return formatDuration(timeoutMs ?? action.timeoutMs);
}

function inputOf({ path, uses, connection }: UsesStep, given: JsonObject, run: RunIdentity, phase: Phase) {
  return {
    run,
    path,
    phase,
    attempt: 1,
    action: uses,
    with: given,
    ...(connection === undefined ? {} : { connection }),
    covers: [],
  };
}

async function read(
  step: UsesStep,
  given: JsonObject,
  { deps, run, signal }: ActionParts,
  phase: Phase,
): Promise<Rehearsed> {
  const name = step.uses as ReadName;
  // The compiler cannot see that the schema and the read belong to the same name.
  const perform = READS[name] as Read<ReadName>;
  const parsed = parseInput(name, inputOf(step, given, run, phase)) as never;
  const context = {
    connection: step.connection,
    signal: AbortSignal.any([signal, AbortSignal.timeout(LOOK_TIMEOUT_MS)]),
  };
  try {
    const output: JsonObject = await perform(deps, parsed, context);
    return { verdict: 'read', says: [`It answers: ${shown(output)}`], output };
  } catch (error) {
    signal.throwIfAborted();
    const { code, message } = toStepError(error);
    // What is repeated may well come true later: after a failover, for example.
    if (step.until === undefined || code !== 'check.failed') throw error;
    const within = formatDuration(step.until.withinMs);
    return { verdict: 'would', says: [`Not yet: ${message}`, `It would be repeated for up to ${within}.`] };
  }
}

/** Looks at the target of a command as the worker does right before it sends one. */
async function look(
  step: UsesStep,
  given: JsonObject,
  { deps, run, runbook, changed }: ActionParts,
  phase: Phase,
): Promise<Rehearsed> {
  const input = inputOf(step, given, run, phase);
  parseInput(step.uses, input);
  const { target, targetName, satisfied, illegal, stateClass } = await DRIVERS[step.uses as CommandName](
    deps,
    input,
  ).observe();
  const approval = coveringApproval(runbook, step.path);
  const before = changed.get(target);
  const sends = [
    `It would send ${step.uses} to ${target} (${targetName}), with ${shown(given)}.`,
    ...(approval === undefined ? [] : [`Only after the approval ${approval.path}.`]),
  ];
  if (before !== undefined) {
    return {
      verdict: 'later',
      says: [
        ...sends,
        `Whether it may then depends on ${before}, which changes it first. Now: ${stateClass}.`,
      ],
    };
  }
  if (satisfied !== undefined) {
    return { verdict: 'skip', says: [`Nothing would be sent: ${satisfied.note}.`] };
  }
  if (illegal !== undefined) return { verdict: 'blocked', says: [illegal.message], code: illegal.code };
  changed.set(target, step.path);
  return { verdict: 'would', says: [...sends, `It may, as it stands now: ${stateClass}.`] };
}
