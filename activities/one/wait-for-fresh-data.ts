import { setTimeout as pause } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { parseDuration } from '../../src/model/duration.ts';
import { textOf } from '../../src/model/json.ts';
import type { ActionResult, PollInput } from '../contract.ts';
import type { Deps } from '../deps.ts';
import { beating } from '../heartbeat.ts';
import { toStepError } from '../step-error.ts';
import { collectedAt } from './collected-at.ts';

/**
 * Waits until Veeam ONE's data is at most `maxAge` older than the beginning of the step, or, without it, was collected
 * after the step began: by the server's own times, of which the first is seen before anything is waited for.
 */
export async function waitForFreshData(deps: Deps, input: PollInput): Promise<ActionResult> {
  const connection = deps.one(input.connection);
  const { cancellationSignal: signal, info } = Context.current();
  const maxAgeMs = parseDuration(textOf(input.with['maxAge']) ?? '');
  return beating(input.path, async (say) => {
    // What another worker saw first counts, should this one have taken over.
    const remembered: unknown = info.heartbeatDetails;
    let first = firstIn(remembered);
    for (let polls = 1; ; polls += 1) {
      try {
        const at = await collectedAt(connection, { signal });
        if (at !== undefined) {
          first ??= at;
          const isFresh = maxAgeMs === undefined ? at > first : at >= info.scheduledTimestampMs - maxAgeMs;
          if (isFresh) return { output: { collectedAt: new Date(at).toISOString(), polls } };
        }
        say(at === undefined ? 'no complete collection yet' : `data of ${new Date(at).toISOString()}`);
      } catch (error) {
        const { passing, message } = toStepError(error);
        if (!passing) throw error;
        say(`${connection.name} does not answer, still trying: ${message}`.slice(0, 300));
      }
      await pause(connection.pollMs, undefined, { signal });
    }
  });
}

/** The time that the first look saw, in the words of its heartbeat. */
function firstIn(details: unknown): number | undefined {
  if (typeof details !== 'object' || details === null || !('says' in details)) return undefined;
  const time = /^data of (\S+)$/.exec(String(details.says))?.[1];
  return time === undefined ? undefined : Date.parse(time);
}
