import { setTimeout as pause } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { SettledSessions } from '../../src/catalog/index.ts';
import { isJsonObject, textOf, type JsonObject } from '../../src/model/json.ts';
import type { VbrSession } from '../../src/veeam/index.ts';
import type { ActionResult, PollInput } from '../contract.ts';
import type { Deps, VbrConnection } from '../deps.ts';
import { beating } from '../heartbeat.ts';
import { inChunks } from '../in-chunks.ts';
import { MAX_LISTED, shortName, shortText } from '../read.ts';
import { StepError, toStepError } from '../step-error.ts';

/** Sessions asked for at once. */
const AT_ONCE = 8;
/** Results of sessions that ended well; one that says nothing ended without an error. */
const WELL: ReadonlySet<string> = new Set(['Success', 'None']);

interface Watched {
  readonly id: string;
  /** The machine's name; empty until the session has told it. */
  readonly replica: string;
}

/**
 * Watches the sessions of a command, or those that the step names, until all have ended. A server that is away is waited
 * for; the step's timeout bounds it all.
 *
 * @throws StepError `vbr.sessionsFailed`
 */
export async function waitForSessions(deps: Deps, input: PollInput): Promise<ActionResult> {
  const connection = deps.vbr(input.connection);
  const signal = Context.current().cancellationSignal;
  return beating(input.path, async (say) => {
    const watched = watchedOf(input);
    const ended = new Map<string, VbrSession>();
    for (let polls = 1; ; polls += 1) {
      try {
        const open = watched.filter(({ id }) => !ended.has(id));
        const looks = await inChunks(open, AT_ONCE, ({ id }) =>
          connection.client.sessions.get(id, { signal }),
        );
        for (const session of looks) if (session.state === 'Stopped') ended.set(session.id, session);
        say(saysOf(watched.length, ended.size, looks), percentOf(watched.length, ended.size, looks));
      } catch (error) {
        const { passing, message } = toStepError(error);
        if (!passing) throw error;
        say(`${connection.name} does not answer, still trying: ${message}`.slice(0, 300));
      }
      if (ended.size >= watched.length) return conclude(connection, watched, ended, polls);
      await pause(connection.pollMs, undefined, { signal });
    }
  });
}

/** What a command has answered comes before what the step says. */
function watchedOf({ with: given, command }: PollInput): readonly Watched[] {
  const answered = command?.output?.['sessions'];
  if (Array.isArray(answered)) {
    return answered.filter(isJsonObject).map(watchedIn);
  }
  const named = Array.isArray(given['sessions']) ? given['sessions'] : [];
  return [...new Set(named.map(String))].map((id) => ({ id, replica: '' }));
}

function watchedIn(session: JsonObject): Watched {
  return { id: textOf(session['id']) ?? '', replica: textOf(session['replica']) ?? '' };
}

function conclude(
  { name }: VbrConnection,
  watched: readonly Watched[],
  ended: ReadonlyMap<string, VbrSession>,
  polls: number,
): ActionResult {
  const sessions = watched.flatMap(({ id }) => ended.get(id) ?? []);
  const replicaOf = new Map(watched.map(({ id, replica }) => [id, replica]));
  const nameOf = ({ id, name: own }: VbrSession): string => {
    const replica = replicaOf.get(id) ?? '';
    return shortName(replica === '' ? own : replica);
  };
  const failed = sessions.filter(({ result }) => result?.result === 'Failed' || result?.isCanceled === true);
  // A word that muster does not know is no success: somebody should look.
  const warnings = sessions.filter((one) => !failed.includes(one) && !WELL.has(one.result?.result ?? 'None'));
  const listed = failed.slice(0, MAX_LISTED).map((session) => ({
    replica: nameOf(session),
    session: session.id,
    info: shortText(session.result?.message ?? 'the session ended without a word'),
  }));
  const times = (of: (session: VbrSession) => string | null | undefined): string[] =>
    sessions.flatMap((session) => of(session) ?? []).sort((a, b) => Date.parse(a) - Date.parse(b));
  const output: SettledSessions = {
    result: failed.length > 0 ? 'Failed' : warnings.length > 0 ? 'Warning' : 'Success',
    counts: {
      sessions: sessions.length,
      succeeded: sessions.length - failed.length - warnings.length,
      warnings: warnings.length,
      failed: failed.length,
    },
    failed: listed,
    more: failed.length - listed.length,
    sessions: sessions.map((session) => ({ id: session.id, replica: nameOf(session) })),
    startedAt: times(({ creationTime }) => creationTime)[0] ?? null,
    finishedAt: times(({ endTime }) => endTime).at(-1) ?? null,
    polls,
  };
  if (failed.length === 0) return { output, outcome: warnings.length > 0 ? 'warned' : 'succeeded' };
  const [first] = listed;
  throw new StepError(
    'vbr.sessionsFailed',
    `${failed.length} of ${sessions.length} sessions of ${name} failed. ${first?.replica ?? ''}: ${first?.info ?? ''}`,
    { details: { ...output } },
  );
}

function saysOf(all: number, ended: number, looks: readonly VbrSession[]): string {
  const running = looks.find(({ state }) => state !== 'Stopped');
  const now = running === undefined ? '' : `, ${shortName(running.name)} ${running.state}`;
  return `${ended} of ${all} sessions have ended${now}`;
}

function percentOf(all: number, ended: number, looks: readonly VbrSession[]): number {
  const running = looks
    .filter(({ state }) => state !== 'Stopped')
    .reduce((sum, { progressPercent }) => sum + (progressPercent ?? 0), 0);
  return all === 0 ? 100 : Math.round((ended * 100 + running) / all);
}
