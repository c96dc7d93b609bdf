import { randomUUID } from 'node:crypto';
import type { AgentBackup } from '../scenario.ts';
import { SimulatorError } from '../errors.ts';
import { markedSecret } from '../secret-mark.ts';

/** A token with which a computer may be restored from its agent backups. */
export interface RecoveryToken {
  readonly id: string;
  readonly name: string;
  /** The secret. Never in the journal. */
  readonly recoveryToken: string;
  readonly expirationDate: string;
  readonly backupIds: readonly string[];
}

export interface RecoveryTokens {
  list(): readonly RecoveryToken[];
  /** Throws `UNKNOWN_RECOVERY_TOKEN`. */
  get(id: string): RecoveryToken;
  /** Throws `INVALID_REQUEST` for a backup that does not exist. */
  issue(request: { backupIds: readonly string[]; expirationDate: string }): RecoveryToken;
  update(
    id: string,
    change: { name: string; expirationDate: string; recoveryToken?: string | undefined },
  ): RecoveryToken;
  remove(id: string): void;
}

export function createRecoveryTokens(backups: readonly AgentBackup[]): RecoveryTokens {
  const tokens = new Map<string, RecoveryToken>();
  let issued = 0;

  const get = (id: string): RecoveryToken => {
    const token = tokens.get(id.toLowerCase());
    if (token === undefined) {
      throw new SimulatorError('UNKNOWN_RECOVERY_TOKEN', `There is no recovery token with the id ${id}.`);
    }
    return token;
  };
  const keep = (token: RecoveryToken): RecoveryToken => {
    tokens.set(token.id, token);
    return token;
  };

  return {
    list: () => [...tokens.values()],
    get,
    issue: ({ backupIds, expirationDate }) => {
      const unknown = backupIds.find((id) => !backups.some((backup) => backup.id === id.toLowerCase()));
      if (unknown !== undefined) {
        throw new SimulatorError('INVALID_REQUEST', `There is no backup with the id ${unknown}.`);
      }
      issued += 1;
      return keep({
        id: randomUUID(),
        name: `Recovery token ${issued}`,
        recoveryToken: markedSecret(10, 'hex').toUpperCase(),
        expirationDate,
        backupIds: [...backupIds],
      });
    },
    update: (id, { name, expirationDate, recoveryToken }) => {
      const token = get(id);
      return keep({ ...token, name, expirationDate, recoveryToken: recoveryToken ?? token.recoveryToken });
    },
    remove: (id) => {
      tokens.delete(get(id).id);
    },
  };
}
