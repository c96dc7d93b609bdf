import type { ListedToken, MadeToken } from '../../client/index.ts';
import { forRunbooks } from './people.ts';
import { styled } from './style.ts';
import { table } from './table.ts';
import { shortTime } from './times.ts';

/** A token that was just made: the only time that it is shown. */
export function madeTokenLines({ credential, id, person, expiresAt }: MadeToken): string[] {
  return [
    credential,
    '',
    `A token of ${person} (${id}), until ${shortTime(expiresAt)}. It is shown this once; keep it as a secret.`,
    'Use it: MUSTER_TOKEN in the environment, or muster login --token-file FILE.',
  ];
}

/** The tokens there are. */
export function tokenLines(tokens: readonly ListedToken[], now: number): string[] {
  if (tokens.length === 0) return ['There are no tokens.'];
  return table(
    ['ID', 'OF', 'STATE', 'LAST USED', 'MAY', 'FOR'],
    tokens.map((token) => [
      token.id,
      token.person,
      stateOf(token, now),
      shortTime(token.lastUsedAt),
      `${token.scope?.actions.join(',') ?? 'nothing'}${forRunbooks(token.scope?.runbooks)}`,
      token.note,
    ]),
  );
}

function stateOf({ endedAt, expiresAt }: ListedToken, now: number): string {
  if (endedAt !== undefined) return styled('dim', `ended ${shortTime(endedAt)}`);
  return expiresAt <= now
    ? styled('dim', `ended ${shortTime(expiresAt)}`)
    : `good until ${shortTime(expiresAt)}`;
}
