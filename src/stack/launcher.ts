import { StepError, type Launcher } from '../../activities/index.ts';
import type { Config } from '../config/index.ts';
import { ControlError, newRunId, type Control } from '../control/index.ts';
import type { RunInput } from '../model/run.ts';
import type { Stores } from '../store/index.ts';
import { rulesOf } from './muster-on.ts';

/** How a worker starts the runs of schedules: through Temporal, like everybody. */
export function createLauncher({
  config,
  control,
  stores,
  now = Date.now,
}: {
  readonly config: Config;
  readonly control: Pick<Control, 'start' | 'describe'>;
  readonly stores: Pick<Stores, 'runs'>;
  readonly now?: () => number;
}): Launcher {
  return {
    rulesFor: (runbook) => rulesOf(config, runbook),
    newRunId: (runbook) => newRunId(runbook, now()),
    stateOf: (runId) =>
      asking(async () => {
        try {
          return (await control.describe(runId)).endedAt === undefined ? 'open' : 'ended';
        } catch (error) {
          if (error instanceof ControlError && error.code === 'run.notFound') return 'none';
          throw error;
        }
      }),
    start: (input, runId) => asking(() => start({ control, stores, now }, input, runId)),
  };
}

/** Notes a run and starts it; the note is there before the run is. */
async function start(
  {
    control,
    stores,
    now,
  }: {
    readonly control: Pick<Control, 'start'>;
    readonly stores: Pick<Stores, 'runs'>;
    readonly now: () => number;
  },
  input: RunInput,
  runId: string,
): Promise<void> {
  const { runbook, runbookDigest: digest, mode, purpose, starter } = input;
  const noted = { runId, runbook, digest, mode, purpose, starter, startedAt: now() };
  await stores.runs.begin(noted);
  try {
    const { firstExecutionId } = await control.start(input, runId);
    await stores.runs.begin({ ...noted, firstExecutionId });
  } catch (error) {
    // An earlier try has started it.
    if (!(error instanceof ControlError) || error.code !== 'run.exists') throw error;
  }
}

/** Temporal comes back: until then a launch waits. */
async function asking<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    throw new StepError('step.internal', error.message, { cause: error, passing: true });
  }
}
