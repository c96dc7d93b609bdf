import { specOf, type InputOf } from '../../src/catalog/index.ts';
import { parseDuration } from '../../src/model/duration.ts';
import { textOf, type JsonObject } from '../../src/model/json.ts';
import type { RecoveryToken } from '../../src/veeam/index.ts';
import type { CommandInput } from '../contract.ts';
import type { Deps, VbrConnection } from '../deps.ts';
import type { CommandDriver, Sighting } from '../effects/driver.ts';
import { isSameTime, uniqueExpiry, wholeSecond } from './expiry.ts';
import { listTokens } from './list-tokens.ts';

/**
 * How a recovery token is issued. No call takes an id of ours, so a token is asked to expire at a time at which no other
 * does: after an unclear answer the one that does is ours.
 */
export function issueDriver(deps: Deps, connection: VbrConnection, input: CommandInput): CommandDriver {
  const { backupIds, validFor } = specOf('vbr.issueRecoveryToken').input.parse(
    input.with,
  ) as InputOf<'vbr.issueRecoveryToken'>;
  const { recoveryTokens } = connection.client;
  const keep = (token: RecoveryToken): Promise<JsonObject> => keepToken(deps, input, token);
  // The fence looks again, and must not ask for another time.
  let expires: string | undefined;
  return {
    effectLagMs: connection.effectLagMs,
    observe: async () => {
      const known = (await listTokens(connection)).map(({ expirationDate }) => expirationDate);
      const now = deps.now();
      const earliest = now + (parseDuration(validFor) ?? 0);
      expires ??= uniqueExpiry(connection.client, { earliest, known, now });
      const target = `${connection.name}/recoveryToken/${backupIds.join('+')}`;
      return { target, targetName: target, baseline: { expires }, stateClass: 'issuing' };
    },
    send: async ({ baseline }, beforeSend) =>
      keep(
        await recoveryTokens.create(
          { backupIds, expirationDate: textOf(baseline['expires']) ?? '' },
          { beforeSend },
        ),
      ),
    look: async ({ expires: asked }): Promise<Sighting> => {
      const [token, ...others] = (await listTokens(connection)).filter(({ expirationDate }) =>
        isSameTime(expirationDate, textOf(asked) ?? ''),
      );
      if (token === undefined) return { saw: 'nothing' };
      if (others.length > 0) return { saw: 'strange', what: `${others.length + 1} tokens that could be it` };
      return { saw: 'happened', output: await keep(await recoveryTokens.get(token.id)) };
    },
  };
}

/** How the end of a recovery token is moved; that it is where we want it means it was done. */
export function renewDriver(deps: Deps, connection: VbrConnection, input: CommandInput): CommandDriver {
  const { id, validFor } = specOf('vbr.renewRecoveryToken').input.parse(
    input.with,
  ) as InputOf<'vbr.renewRecoveryToken'>;
  const tokens = connection.client.recoveryTokens;
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
      return { id, name, expires: expirationDate };
    },
    look: async ({ before, expires }) => {
      const { name, expirationDate } = await tokens.get(id);
      if (isSameTime(expirationDate, textOf(expires) ?? '')) {
        return { saw: 'happened', output: { id, name, expires: expirationDate } };
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
  const isThere = async (): Promise<boolean> =>
    (await listTokens(connection)).some((token) => token.id === id);
  const output = { id, revoked: true };
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
      await deps.stores.secrets.forget(id);
      return output;
    },
    look: async () => {
      if (await isThere()) return { saw: 'nothing' };
      await deps.stores.secrets.forget(id);
      return { saw: 'happened', output };
    },
  };
}

/** Puts the token where secrets go; the run sees what it may know of it. */
async function keepToken(deps: Deps, { run, path }: CommandInput, token: RecoveryToken): Promise<JsonObject> {
  const { id, name, expirationDate, recoveryToken } = token;
  const { fingerprint } = await deps.stores.secrets.keep({
    run: run.firstExecutionId,
    path,
    kind: 'recoveryToken',
    id,
    value: recoveryToken ?? '',
    expires: expirationDate,
  });
  return { id, name, fingerprint, expires: expirationDate };
}
