import { specOf, type InputOf } from '../../src/catalog/index.ts';
import { parseDuration } from '../../src/model/duration.ts';
import { textOf, type JsonObject } from '../../src/model/json.ts';
import type { RecoveryToken } from '../../src/veeam/index.ts';
import type { CommandInput } from '../contract.ts';
import type { Deps, VbrConnection } from '../deps.ts';
import type { CommandDriver, Sighting } from '../effects/driver.ts';
import { listTokens } from './list-tokens.ts';

/** Some servers keep whole seconds only. */
const SECOND_IN_MS = 1_000;

/**
 * How a recovery token is issued. No call takes an id of ours, so after an unclear answer a token is ours when it was
 * not there before and expires at the very second that we asked for.
 */
export function issueDriver(deps: Deps, connection: VbrConnection, input: CommandInput): CommandDriver {
  const { backupIds, validFor } = specOf('vbr.issueRecoveryToken').input.parse(
    input.with,
  ) as InputOf<'vbr.issueRecoveryToken'>;
  const keep = (token: RecoveryToken): Promise<JsonObject> => keepToken(deps, input, token);
  return {
    effectLagMs: connection.effectLagMs,
    observe: async () => {
      const known = (await listTokens(connection)).map(({ id }) => id);
      const expires = new Date(deps.now() + (parseDuration(validFor) ?? 0)).toISOString();
      const target = `${connection.name}/recoveryToken/${backupIds.join('+')}`;
      return { target, targetName: target, baseline: { known, expires }, stateClass: 'issuing' };
    },
    send: async ({ baseline }, beforeSend) =>
      keep(
        await connection.client.recoveryTokens.create(
          { backupIds, expirationDate: textOf(baseline['expires']) ?? '' },
          { beforeSend },
        ),
      ),
    look: async ({ known, expires }): Promise<Sighting> => {
      const before = Array.isArray(known) ? known : [];
      const fresh = (await listTokens(connection)).filter(({ id }) => !before.includes(id));
      const ours = fresh.filter(({ expirationDate }) => sameSecond(expirationDate, textOf(expires) ?? ''));
      const [token] = ours;
      if (ours.length > 1) return { saw: 'strange', what: `${ours.length} new tokens that could be it` };
      if (token !== undefined) {
        return { saw: 'happened', output: await keep(await connection.client.recoveryTokens.get(token.id)) };
      }
      return fresh.length > 0 ? { saw: 'strange', what: 'new tokens of somebody else' } : { saw: 'nothing' };
    },
  };
}

/** How the end of a recovery token is moved; that it is already at the very second that we ask for means it was done. */
export function renewDriver(deps: Deps, connection: VbrConnection, input: CommandInput): CommandDriver {
  const { id, validFor } = specOf('vbr.renewRecoveryToken').input.parse(
    input.with,
  ) as InputOf<'vbr.renewRecoveryToken'>;
  const tokens = connection.client.recoveryTokens;
  return {
    effectLagMs: connection.effectLagMs,
    observe: async () => {
      const { name, expirationDate } = await tokens.get(id);
      const expires = new Date(deps.now() + (parseDuration(validFor) ?? 0)).toISOString();
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
      if (sameSecond(expirationDate, textOf(expires) ?? '')) {
        return { saw: 'happened', output: { id, name, expires: expirationDate } };
      }
      if (sameSecond(expirationDate, textOf(before) ?? '')) return { saw: 'nothing' };
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

function sameSecond(a: string, b: string): boolean {
  return Math.floor(Date.parse(a) / SECOND_IN_MS) === Math.floor(Date.parse(b) / SECOND_IN_MS);
}
