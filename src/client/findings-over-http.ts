import type { Muster } from './muster.ts';
import type { Caller } from './people-over-http.ts';

type OverHttp = Pick<Muster, 'notes' | 'findings' | 'report' | 'periodReport' | 'review'>;

/** The operations on notes, findings and reports, done by a server. */
export function findingsOver({
  get,
  post,
  bytes,
}: Caller & { readonly bytes: (path: string) => Promise<Uint8Array> }): OverHttp {
  const of = (runId: string): string => `/runs/${encodeURIComponent(runId)}`;
  const asked = (fields: Readonly<Record<string, string | undefined>>): string => {
    const given = Object.entries(fields).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, value]],
    );
    return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
  };
  return {
    notes: {
      add: ({ runId, text, attachment }) =>
        post(`${of(runId)}/notes`, {
          text,
          ...(attachment !== undefined && {
            attachment: {
              name: attachment.name,
              content: Buffer.from(attachment.bytes).toString('base64'),
            },
          }),
        }),
      list: (runId) => get(`${of(runId)}/notes`),
      file: ({ runId, id }) => bytes(`${of(runId)}/notes/${encodeURIComponent(id)}/file`),
    },
    findings: {
      list: ({ runId, state } = {}) => get(`/findings${asked({ runId, state })}`),
      find: (id) => get(`/findings/one${asked({ id })}`),
      raise: (request) => post('/findings', request),
      assign: (request) => post('/findings/assign', request),
      repair: (request) => post('/findings/repair', request),
      close: (request) => post('/findings/close', request),
      reopen: (request) => post('/findings/reopen', request),
    },
    report: ({ runId, format }) => bytes(`${of(runId)}/report?format=${format}`),
    periodReport: ({ from, to, format }) => bytes(`/report?from=${from}&to=${to}&format=${format}`),
    review: ({ of: subject, ...request }) =>
      'runId' in subject
        ? post(`${of(subject.runId)}/reviews`, request)
        : post('/reviews', { ...request, from: subject.from, to: subject.to }),
  };
}
