import type { Muster } from './muster.ts';

/** How the API is called. */
export interface Caller {
  readonly get: <T>(path: string) => Promise<T>;
  readonly post: <T>(path: string, body: object) => Promise<T>;
}

type OverHttp = Pick<Muster, 'delegate' | 'undelegate' | 'delegations' | 'people' | 'tokens'>;

/** The operations about people, tokens and delegations, done by a server. */
export function peopleOver({ get, post }: Caller): OverHttp {
  const part = (text: string): string => encodeURIComponent(text);
  return {
    delegations: () => get('/delegations'),
    delegate: (request) => post('/delegations', request),
    undelegate: ({ id }) => post(`/delegations/${part(id)}/end`, {}),
    people: {
      list: () => get('/people'),
      revoke: ({ person, reason }) => post(`/people/${part(person)}/revoke`, { reason }),
      reinstate: ({ person }) => post(`/people/${part(person)}/reinstate`, {}),
      events({ person, limit } = {}) {
        const query = new URLSearchParams({
          ...(person !== undefined && { person }),
          ...(limit !== undefined && { limit: String(limit) }),
        });
        return get(`/people-events?${query.toString()}`);
      },
    },
    tokens: {
      make: (request) => post('/tokens', request),
      list: ({ everybody = false } = {}) => get(everybody ? '/tokens?everybody=true' : '/tokens'),
      end: ({ id }) => post(`/tokens/${part(id)}/end`, {}),
    },
  };
}
