import type { SecretRecord } from '../../client/index.ts';
import { factsOf, type HandOver } from '../../ledger/report/hand-over.ts';
import { styled } from './style.ts';
import { table } from './table.ts';
import { shortTime } from './times.ts';

/** The secrets there are, without what they say. */
export function secretLines(secrets: readonly SecretRecord[], now: number): string[] {
  if (secrets.length === 0) return ['There are no secrets.'];
  return table(
    ['ID', 'OF', 'FOR', 'STATE', 'REVEALED', 'RUN'],
    secrets.map((secret) => [
      secret.id,
      secret.machines.length === 0 ? secret.name : secret.machines.join(', '),
      secret.revealTo,
      stateOf(secret, now),
      secret.elsewhere === undefined ? `${secret.reveals} of ${secret.mayReveal}` : '',
      secret.runId,
    ]),
  );
}

/** Whether it is worth something still. */
export function isValid({ expiresAt, revokedAt, purgedAt }: SecretRecord, now: number): boolean {
  return revokedAt === undefined && purgedAt === undefined && (expiresAt === undefined || expiresAt > now);
}

function stateOf(secret: SecretRecord, now: number): string {
  const { expiresAt, revokedAt, elsewhere } = secret;
  if (revokedAt !== undefined) return styled('dim', `revoked ${shortTime(revokedAt)}`);
  if (!isValid(secret, now)) return styled('dim', `expired ${shortTime(expiresAt ?? now)}`);
  const until = expiresAt === undefined ? 'good' : `good until ${shortTime(expiresAt)}`;
  return elsewhere === undefined ? until : `${until}, in Vault at ${elsewhere}`;
}

/** The hand-over sheet as plain text. */
export function sheetLines({ of, madeAt, by, isOpen, secrets }: HandOver): string[] {
  const groups = [...new Set(secrets.map(({ record }) => record.revealTo))].sort();
  return [
    `Recovery tokens for ${of}`,
    `Made by ${by}, ${shortTime(madeAt)}`,
    isOpen
      ? 'SECRET: give it to nobody else, and destroy it when the machines are recovered.'
      : 'The tokens are not on this sheet. Those they are for see each with: muster secret reveal ID',
    ...groups.flatMap((group) => [
      '',
      `For ${group}`,
      ...secrets
        .filter(({ record }) => record.revealTo === group)
        .flatMap((secret) => [
          '',
          ...factsOf(secret, isOpen).map(({ label, value }) => `  ${`${label}:`.padEnd(15)} ${value}`),
        ]),
    ]),
  ];
}
