import type { Schedules } from './schedule-requests.ts';

/** The operations on schedules, done by a server. */
export function schedulesOver({
  get,
  post,
}: {
  readonly get: <T>(path: string) => Promise<T>;
  readonly post: <T>(path: string, body: object) => Promise<T>;
}): Schedules {
  const of = (id: string): string => `/schedules/${id.split('/').map(encodeURIComponent).join('/')}`;
  return {
    plan: (source) => post('/schedules/plan', source),
    apply: (source) => post('/schedules/apply', source),
    list: () => get('/schedules'),
    next: (count) => get(`/schedules/next?count=${count}`),
    launches: ({ id, limit } = {}) => {
      const query = new URLSearchParams({
        ...(id !== undefined && { id }),
        ...(limit !== undefined && { limit: String(limit) }),
      });
      return get(`/schedules/launches?${query.toString()}`);
    },
    pause: ({ id, ...request }) => post(`${of(id)}/pause`, request),
    resume: ({ id }) => post(`${of(id)}/resume`, {}),
    trigger: ({ id }) => post(`${of(id)}/trigger`, {}),
    remove: ({ id }) => post(`${of(id)}/remove`, {}),
  };
}
