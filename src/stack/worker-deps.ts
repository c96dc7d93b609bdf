import {
  createGateNotices,
  createLaunchNotices,
  type Deps,
  type TellGateInput,
  type TellsGates,
  type TellsLaunches,
} from '../../activities/index.ts';
import type { Config } from '../config/index.ts';
import {
  codeOfGate,
  IdentityError,
  verifyVote,
  type Identity,
  type PersonNow,
  type PublicVoteKey,
} from '../identity/index.ts';
import { emergencyFor } from '../model/emergency.ts';
import type { Stores } from '../store/index.ts';
import { openChannels } from './channels.ts';

/** What activities act through, as the configuration says. */
export function depsOf(
  {
    config,
    stores,
    keys,
    identity,
  }: {
    readonly config: Config;
    readonly stores: Stores;
    readonly keys: readonly PublicVoteKey[];
    readonly identity: Identity;
  },
  connections: Pick<Deps, 'vro' | 'vbr' | 'one'>,
): Deps & TellsGates & TellsLaunches {
  const allowed = new Set(config.checks.allow.map(({ host, port }) => `${host} ${port}`));
  const channels = openChannels(config);
  return {
    stores,
    vro: connections.vro,
    vbr: connections.vbr,
    one: connections.one,
    channels,
    notices: createGateNotices({
      channels,
      audience: config.notifications,
      health: stores.channels,
      spokenCode: (event) => spokenCodeOf(config, stores, event),
    }),
    launchNotices: createLaunchNotices({
      channels,
      audience: config.notifications.schedules,
      health: stores.channels,
    }),
    person: (id) => identity.person(id),
    isDelegated: (asked) => stores.delegations.holds(asked),
    needsProof: (person) => needsProof(config, person),
    proofOf: async (token, asked) => {
      try {
        return (await identity.oidc().verifyIdToken(token, asked)).person;
      } catch (error) {
        // Also when its key is unknown and the provider is away: the keys of every proof that was made here are kept.
        if (error instanceof IdentityError) return undefined;
        throw error;
      }
    },
    verifyVote: (jws, { at } = {}) => verifyVote(keys, jws, at === undefined ? {} : { now: at }),
    mayCheck: (host, port) => allowed.has(`${host.toLowerCase().replaceAll(/^\[|\]$/g, '')} ${port}`),
    policy: {
      drillAllow: config.drill.allow,
      unattended: config.unattended,
      emergency: config.emergency,
    },
    now: Date.now,
    monotonic: () => performance.now(),
  };
}

/** The code of an approval that may be given by phone. */
async function spokenCodeOf(
  { emergency }: Pick<Config, 'emergency'>,
  { gates }: Pick<Stores, 'gates'>,
  { run, nonce }: TellGateInput,
): Promise<string | undefined> {
  if (!emergencyFor(emergency, run.runbook).spoken) return undefined;
  const gate = await gates.find(nonce);
  return gate?.kind === 'approval' ? codeOfGate(gate) : undefined;
}

/**
 * Where votes need a login of their own, those of everybody whom the identity provider knows, whatever else they have.
 * Somebody who has nothing but a password here votes by it: such votes are labelled weaker.
 */
export function needsProof(
  { people, signIn }: Pick<Config, 'people' | 'signIn'>,
  { id, kind }: Pick<PersonNow, 'id' | 'kind'>,
): boolean {
  if (signIn.oidc?.freshVotes !== true || kind !== 'person') return false;
  const account = people.get(id);
  return account?.passwordHash === undefined || typeof account.oidc === 'object';
}
