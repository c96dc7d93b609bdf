import { checkStart, type StartRules } from '../src/language/index.ts';
import { formatDuration } from '../src/model/duration.ts';
import { freezeOf, freezeSays } from '../src/model/freeze.ts';
import type { Launched, LaunchInput } from '../src/model/launch.ts';
import type { RunInput } from '../src/model/run.ts';
import { SCHEDULE_PERSON } from '../src/model/schedule.ts';
import { StoreError, type NotStartedCode, type Stores } from '../src/store/index.ts';
import type { LaunchActivityInput } from './contract.ts';
import { loadRunbook } from './runbooks.ts';
import { StepError } from './step-error.ts';

/** A drill is not begun much later than people expect it: they may have gone home. */
export const CATCH_UP_MS = 10 * 60_000;

/** How a run is started from within; the worker gives it. */
export interface Launcher {
  /** What the configuration allows the runbook of a name. */
  rulesFor(runbook: string): StartRules;
  newRunId(runbook: string): string;
  /** Whether there is such a run, and whether it goes on. */
  stateOf(runId: string): Promise<'none' | 'open' | 'ended'>;
  /** Starts a run; one that was started before under this id is fine. */
  start(input: RunInput, runId: string): Promise<void>;
}

/** What a launch needs of a worker. */
export interface LaunchParts {
  readonly stores: Pick<Stores, 'launches' | 'freezes' | 'contents'>;
  /** Absent where nothing can be started. */
  readonly launcher?: Launcher;
  now(): number;
}

/**
 * Starts what a schedule is for, or keeps why not. It may be tried again at any point: what it has started is started once.
 *
 * @throws StepError for what may pass: the store or Temporal is away
 */
export async function launchRun(parts: LaunchParts, input: LaunchActivityInput): Promise<Launched> {
  const { launcher, stores } = parts;
  if (launcher === undefined) throw new StepError('step.internal', 'This worker can start no runs.');
  const { id, schedule, runbook, runbookDigest: digest, mode, scheduledAt } = input;
  const launch = await stores.launches.begin({
    id,
    schedule,
    runbook,
    digest,
    mode,
    scheduledAt,
    beganAt: parts.now(),
    runId: launcher.newRunId(runbook),
  });
  const { outcome, runId, reason } = launch;
  if (outcome === 'notStarted') return { schedule, outcome, ...(reason === undefined ? {} : { reason }) };
  // An earlier try may have started it, and not come to note that.
  const isThere = outcome === 'starting' && (await launcher.stateOf(runId)) !== 'none';
  if (outcome === 'starting' && !isThere) {
    const why = await whyNot({ ...parts, launcher }, input);
    if (why !== undefined) {
      await stores.launches.notStarted(id, why);
      return { schedule, outcome: 'notStarted', reason: why.reason };
    }
    await launcher.start(runInput(input), runId);
  }
  if (outcome === 'starting') await stores.launches.started(id);
  return { schedule, outcome: 'started', runId };
}

function runInput({
  runbook,
  runbookDigest,
  mode,
  purpose,
  inputs,
  authors,
  answerWithinMs,
}: LaunchInput): RunInput {
  return {
    runbook,
    runbookDigest,
    mode,
    purpose,
    inputs,
    starter: SCHEDULE_PERSON,
    ...(authors === undefined ? {} : { authors }),
    ...(answerWithinMs === undefined ? {} : { answerWithinMs }),
  };
}

interface WhyNot {
  readonly code: NotStartedCode;
  readonly reason: string;
}

/** Why nothing may start now, or undefined. */
async function whyNot(
  parts: LaunchParts & { readonly launcher: Launcher },
  { id, schedule, scheduledAt, appliedAt, runbook, mode, ...input }: LaunchActivityInput,
): Promise<WhyNot | undefined> {
  const { stores, launcher } = parts;
  const at = parts.now();
  // Temporal counts in seconds.
  if (scheduledAt < Math.floor(appliedAt / 1_000) * 1_000) {
    return { code: 'edited', reason: 'Its time was before the schedule was put in force as it is now.' };
  }
  const frozen = freezeOf(await stores.freezes.pending(at), { runbook, mode }, at);
  if (frozen !== undefined) return { code: 'frozen', reason: freezeSays(frozen) };
  const before = await stores.launches.lastStarted(schedule, id);
  if (before !== undefined && (await launcher.stateOf(before.runId)) === 'open') {
    return { code: 'overlap', reason: `The run ${before.runId}, which it started before, goes on.` };
  }
  if (at - scheduledAt > CATCH_UP_MS) {
    const late = formatDuration(at - scheduledAt);
    return { code: 'late', reason: `It could be looked at only ${late} after its time.` };
  }
  return refusal(stores, launcher, { runbook, mode, ...input });
}

/** What a person would be told who started it now. */
async function refusal(
  stores: LaunchParts['stores'],
  launcher: Launcher,
  { runbookDigest: digest, mode, inputs }: Pick<LaunchInput, 'runbook' | 'runbookDigest' | 'mode' | 'inputs'>,
): Promise<WhyNot | undefined> {
  try {
    const runbook = await loadRunbook({ stores }, digest);
    const { diagnostics } = checkStart({
      runbook,
      mode,
      inputs,
      digest,
      starter: SCHEDULE_PERSON,
      rulesFor: (name) => launcher.rulesFor(name),
    });
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    if (errors.length === 0) return undefined;
    return { code: 'refused', reason: errors.map(({ code, message }) => `${code}: ${message}`).join(' ') };
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'store.notFound') throw error;
    return {
      code: 'refused',
      reason: 'The runbook that was put in force is not kept any more; apply it again.',
    };
  }
}
