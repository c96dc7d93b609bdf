import type { Deps } from '../../activities/index.ts';
import type { Config } from '../config/index.ts';
import { verifyVote, type PublicVoteKey } from '../identity/index.ts';
import type { Stores } from '../store/index.ts';

/** What activities act through, as the configuration says. */
export function depsOf(
  {
    config,
    stores,
    keys,
  }: { readonly config: Config; readonly stores: Stores; readonly keys: readonly PublicVoteKey[] },
  connections: Pick<Deps, 'vro' | 'vbr' | 'one'>,
): Deps {
  const allowed = new Set(config.checks.allow.map(({ host, port }) => `${host} ${port}`));
  return {
    stores,
    vro: connections.vro,
    vbr: connections.vbr,
    one: connections.one,
    person: (id) => config.people.get(id),
    verifyVote: (jws, { at } = {}) => verifyVote(keys, jws, at === undefined ? {} : { now: at }),
    mayCheck: (host, port) => allowed.has(`${host.toLowerCase().replaceAll(/^\[|\]$/g, '')} ${port}`),
    policy: { drillAllow: config.drill.allow, unattended: config.unattended },
    now: Date.now,
    monotonic: () => performance.now(),
  };
}
