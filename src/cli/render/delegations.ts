import type { Delegation } from '../../client/index.ts';
import { table } from './table.ts';
import { shortTime } from './times.ts';

/** One of them as a sentence. */
export function delegationText({ id, from, to, ends }: Delegation): string {
  return `${to} stands in for ${from} until ${shortTime(ends)} (${id}).`;
}

/** Who stands in for whom. */
export function delegationLines(delegations: readonly Delegation[]): string[] {
  if (delegations.length === 0) return ['Nobody stands in for anybody.'];
  return table(
    ['ID', 'FOR', 'STANDS IN', 'FROM', 'UNTIL', 'REASON'],
    delegations.map(({ id, from, to, begins, ends, reason = '' }) => [
      id,
      from,
      to,
      shortTime(begins),
      shortTime(ends),
      reason,
    ]),
  );
}
