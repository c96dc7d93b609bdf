import { specOf, type InputOf } from '../../src/catalog/index.ts';
import { parseDuration } from '../../src/model/duration.ts';
import { textOf, type JsonObject } from '../../src/model/json.ts';
import { VeeamError, type RecoveryToken } from '../../src/veeam/index.ts';
import type { Intent } from '../../src/store/index.ts';
import type { CommandInput } from '../contract.ts';
import type { Deps, VbrConnection } from '../deps.ts';
import { digestOf } from '../digest.ts';
import type { CommandDriver, Sighting } from '../effects/driver.ts';
import { StepError } from '../step-error.ts';
import { isSameTime, uniqueExpiry, wholeSecond } from './expiry.ts';
import { listTokens } from './list-tokens.ts';
import { machinesIn } from './machines.ts';

const NOT_SHOWN = 'VBR has issued a token, and its answer does not show it.';

/**
 * How a recovery token is issued. No call takes an id of ours, so a token is asked to expire at a time at which no other
 * does: after an unclear answer the one that does is ours. One that was issued and could not be kept is not lost: VBR shows
 * it again, and it is looked for until it is kept, also by the next attempt of the step.
 */
export function issueDriver(deps: Deps, connection: VbrConnection, input: CommandInput): CommandDriver {
  const { backupIds, validFor, revealTo } = specOf('vbr.issueRecoveryToken').input.parse(
    input.with,
  ) as InputOf<'vbr.issueRecoveryToken'>;
  const { recoveryTokens } = connection.client;
  const { secrets } = deps.stores;
  // The fence looks again, and must not ask for another time.
  let expires: string | undefined;
  let machines: readonly string[] | undefined;

  /** Puts the token where secrets go; the run sees what it may know of it. */
  const keep = async (token: RecoveryToken): Promise<JsonObject> => {
    const { id, name, expirationDate, recoveryToken } = token;
    if (!isShown(recoveryToken)) throw new StepError('veeam.contract', NOT_SHOWN);
    machines ??= await machinesIn(connection, backupIds);
    const { fingerprint } = await secrets.keep({
      ...ownerOf(input),
      kind: 'recoveryToken',
      id,
      connection: connection.name,
      ...(connection.host !== undefined && { server: connection.host }),
      name,
      machines,
      revealTo,
      value: recoveryToken,
      expires: expirationDate,
    });
    return { id, name, fingerprint, expires: expirationDate };
  };
  const look = async (asked: string): Promise<Sighting> => {
    const [token, ...others] = (await listTokens(connection)).filter(({ expirationDate }) =>
      isSameTime(expirationDate, asked),
    );
    if (token === undefined) return { saw: 'nothing' };
    if (others.length > 0) return { saw: 'strange', what: `${others.length + 1} tokens that could be it` };
    const shown = await recoveryTokens.get(token.id);
    if (isShown(shown.recoveryToken)) return { saw: 'happened', output: await keep(shown) };
    return { saw: 'strange', what: `the token ${token.id}, which VBR does not show again: revoke it` };
  };
  return {
    effectLagMs: connection.effectLagMs,
    observe: async () => {
      // Afterwards it would be too late: the token would be in the world.
      await secrets.prepare();
      const target = `${connection.name}/recoveryToken/${backupIds.join('+')}`;
      const before = await unresolvedBefore(deps, input);
      if (before !== undefined) {
        const seen = await look(textOf(before.baseline['expires']) ?? '');
        if (seen.saw === 'happened') {
          const satisfied = { note: 'an earlier attempt has issued it', output: seen.output ?? {} };
          return { target, targetName: target, baseline: before.baseline, stateClass: 'issuing', satisfied };
        }
      }
      const known = (await listTokens(connection)).map(({ expirationDate }) => expirationDate);
      const now = deps.now();
      const earliest = now + (parseDuration(validFor) ?? 0);
      expires ??= uniqueExpiry(connection.client, { earliest, known, now });
      machines ??= await machinesIn(connection, backupIds);
      return { target, targetName: target, baseline: { expires }, stateClass: 'issuing' };
    },
    send: async ({ baseline }, beforeSend) =>
      keep(
        await recoveryTokens.create(
          { backupIds, expirationDate: textOf(baseline['expires']) ?? '' },
          { beforeSend },
        ),
      ),
    look: async ({ expires: asked }) => look(textOf(asked) ?? ''),
  };
}

/** How the end of a recovery token is moved; that it is where we want it means it was done. */
export function renewDriver(deps: Deps, connection: VbrConnection, input: CommandInput): CommandDriver {
  const { id, validFor } = specOf('vbr.renewRecoveryToken').input.parse(
    input.with,
  ) as InputOf<'vbr.renewRecoveryToken'>;
  const tokens = connection.client.recoveryTokens;
  /** What is kept of it is kept as long as it is valid. */
  const renewed = async (name: string, expires: string): Promise<JsonObject> => {
    await deps.stores.secrets.extend({ connection: connection.name, id, expires });
    return { id, name, expires };
  };
  return {
    effectLagMs: connection.effectLagMs,
    observe: async () => {
      const { name, expirationDate } = await tokens.get(id);
      const expires = wholeSecond(deps.now() + (parseDuration(validFor) ?? 0));
      return {
        target: `${connection.name}/recoveryToken/${id}`,
        targetName: name,
        baseline: { name, before: expirationDate, expires },
        stateClass: `until ${expirationDate}`,
      };
    },
    send: async ({ baseline }, beforeSend) => {
      const { name, expirationDate } = await tokens.update(
        { id, name: textOf(baseline['name']) ?? '', expirationDate: textOf(baseline['expires']) ?? '' },
        { beforeSend },
      );
      return renewed(name, expirationDate);
    },
    look: async ({ before, expires }) => {
      const { name, expirationDate } = await tokens.get(id);
      if (isSameTime(expirationDate, textOf(expires) ?? '')) {
        return { saw: 'happened', output: await renewed(name, expirationDate) };
      }
      if (isSameTime(expirationDate, textOf(before) ?? '')) return { saw: 'nothing' };
      return { saw: 'strange', what: `the token expires at ${expirationDate}, which is neither` };
    },
  };
}

/** How a recovery token is revoked; one that is gone already needs nothing. */
export function revokeDriver(deps: Deps, connection: VbrConnection, input: CommandInput): CommandDriver {
  const { id } = specOf('vbr.revokeRecoveryToken').input.parse(
    input.with,
  ) as InputOf<'vbr.revokeRecoveryToken'>;
  // Asked by its id: a list that changes between two of its pages may leave it out.
  const isThere = async (): Promise<boolean> => {
    try {
      await connection.client.recoveryTokens.get(id);
      return true;
    } catch (error) {
      if (error instanceof VeeamError && error.code === 'veeam.notFound') return false;
      throw error;
    }
  };
  const output = { id, revoked: true };
  const forget = (): Promise<void> => deps.stores.secrets.forget({ connection: connection.name, id });
  return {
    effectLagMs: connection.effectLagMs,
    observe: async () => {
      const found = {
        target: `${connection.name}/recoveryToken/${id}`,
        targetName: id,
        baseline: { id },
        stateClass: 'issued',
      };
      if (await isThere()) return found;
      return {
        ...found,
        satisfied: { note: 'nothing to do: the token is gone already', output: { id, revoked: false } },
      };
    },
    send: async (_observed, beforeSend) => {
      await connection.client.recoveryTokens.remove(id, { beforeSend });
      await forget();
      return output;
    },
    // Somebody has revoked it in VBR's own console.
    satisfied: forget,
    look: async () => {
      if (await isThere()) return { saw: 'nothing' };
      await forget();
      return { saw: 'happened', output };
    },
  };
}

function isShown(token: string | null | undefined): token is string {
  return token !== undefined && token !== null && token !== '';
}

function ownerOf({ run, path }: CommandInput) {
  const { firstExecutionId, runId, runbook } = run;
  return { run: firstExecutionId, runId, runbook, path };
}

/** The intent of an earlier attempt at the very same, of which nobody knows yet what became of it. */
async function unresolvedBefore(deps: Deps, input: CommandInput): Promise<Intent | undefined> {
  const { run, path, action } = input;
  for (let attempt = input.attempt - 1; attempt > 0; attempt -= 1) {
    const intent = await deps.stores.intents.latest({ run: run.firstExecutionId, path, attempt });
    // An attempt that ended before it wanted to send anything leaves none.
    if (intent === undefined || intent.result?.how === 'notDone') continue;
    const isSame = intent.requestDigest === digestOf({ action, with: input.with });
    return isSame && intent.sending && intent.result === undefined ? intent : undefined;
  }
  return undefined;
}
