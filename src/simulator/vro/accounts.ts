import { randomUUID } from 'node:crypto';
import { SimulatorError } from '../errors.ts';
import type { ScenarioSpec } from '../scenario.ts';
import type { Role, VroUserSpec } from '../scenario/vro-spec.ts';
import { markedSecret } from '../secret-mark.ts';
import { isAccount } from '../tokens.ts';

/** Who may ask: a user, or a client with the rights of the user who created it. */
export interface Account {
  readonly kind: 'user' | 'client';
  /** User name, or client id. It holds the tokens. */
  readonly name: string;
  readonly user: string;
  readonly role: Role;
  /** Ids of the scopes it sees. */
  readonly scopes: ReadonlySet<string>;
}

export interface Accounts {
  /** The user with this password, domain and case of the name aside. */
  user(username: string, password: string): VroUserSpec | undefined;
  /** The name of the client with this secret. */
  client(id: string, secret: string): string | undefined;
  /** Who holds a token; undefined when the client has been deleted. */
  account(holder: string): Account | undefined;
  /** Throws `FORBIDDEN` for a client: clients create no clients. */
  createClient(creator: Account): { id: string; secret: string };
  /** A user's clients; of a client, only itself. */
  clientsOf(account: Account): readonly string[];
  /** The client as it is spelt. Throws `UNKNOWN_RESOURCE` for one that is not the account's. */
  deleteClient(account: Account, id: string): string;
}

export function createAccounts({ user, vro }: Pick<ScenarioSpec, 'user' | 'vro'>): Accounts {
  const administrator: VroUserSpec = { ...user, role: 'Administrator' };
  const users = [administrator, ...vro.users];
  const clients = new Map([[vro.client.id, { secret: vro.client.secret, owner: user.username }]]);

  const accountOf = (name: string, owner: string, kind: Account['kind']): Account | undefined => {
    const found = users.find((one) => one.username === owner);
    if (found === undefined) return undefined;
    const visible = vro.scopes.filter((scope) => found.scopes?.includes(scope.name) ?? true);
    return { kind, name, user: owner, role: found.role, scopes: new Set(visible.map((scope) => scope.id)) };
  };
  const clientsOf = ({ kind, name }: Account): string[] =>
    kind === 'client' ? [name] : [...clients].filter(([, { owner }]) => owner === name).map(([id]) => id);

  return {
    user: (username, password) => users.find((one) => isAccount(one, username, password)),
    client: (id, secret) => {
      const known = [...clients].find(([one]) => one.toLowerCase() === id.toLowerCase());
      return known?.[1].secret === secret ? known[0] : undefined;
    },
    account: (holder) => {
      const client = clients.get(holder);
      return client === undefined
        ? accountOf(holder, holder, 'user')
        : accountOf(holder, client.owner, 'client');
    },
    createClient: (creator) => {
      if (creator.kind === 'client') {
        throw new SimulatorError('FORBIDDEN', 'Clients cannot create clients. Log in as a user.');
      }
      const id = randomUUID();
      const secret = markedSecret(96, 'base64');
      clients.set(id, { secret, owner: creator.name });
      return { id, secret };
    },
    clientsOf,
    deleteClient: (account, id) => {
      const own = clientsOf(account).find((one) => one.toLowerCase() === id.toLowerCase());
      if (own === undefined) {
        throw new SimulatorError('UNKNOWN_RESOURCE', `You have no client with the id ${id}.`);
      }
      clients.delete(own);
      return own;
    },
  };
}
