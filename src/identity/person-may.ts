import type { Actor } from '../model/actor.ts';
import type { PersonNow } from './accounts.ts';
import { mayDo, type Action, type Concern } from './permissions.ts';

/** Whether somebody who is not here may do this, as they are at this moment: when they have signed in by their best way. */
export function personMay(person: PersonNow, action: Action, concern: Concern): boolean {
  const { id, name, kind, grants, revoked } = person;
  if (revoked !== undefined) return false;
  const via = kind === 'break-glass' ? 'break-glass' : 'password';
  const them: Actor = { person: id, name, kind, grants, via, assurance: 'password' };
  return mayDo(them, action, concern);
}
