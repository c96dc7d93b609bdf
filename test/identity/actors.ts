import type { Actor, Grant } from '../../src/model/actor.ts';

/** Somebody who signed in with a password, with these roles for every runbook. */
export function actorWith(roles: readonly (string | Grant)[], more: Partial<Actor> = {}): Actor {
  return {
    person: 'anna',
    name: 'Anna',
    kind: 'person',
    grants: roles.map((role) => (typeof role === 'string' ? { role } : role)),
    via: 'password',
    assurance: 'password',
    ...more,
  };
}
