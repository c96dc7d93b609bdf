import { MusterError, type Muster, type RunView } from '../../src/client/index.ts';

/** What a command asked for: the name of the operation, and what it was given. */
export type Call = readonly [operation: string, request: unknown];

/** An in-memory muster: `show` answers one view after the other and then the last one for ever. */
export function fakeMuster({
  views = [],
  ...over
}: Partial<Muster> & { readonly views?: readonly (RunView | MusterError)[] } = {}): Muster & {
  readonly calls: Call[];
} {
  const calls: Call[] = [];
  let shown = 0;
  return {
    calls,
    validate: async (request) => {
      calls.push(['validate', request]);
      return { ok: true, diagnostics: [], title: 'A drill', steps: 3 };
    },
    start: async (request) => {
      calls.push(['start', request]);
      return { runId: 'dr-drill-20250131-k7m2qz', digest: 'abc' };
    },
    rerun: async (request) => {
      calls.push(['rerun', request]);
      return { runId: 'dr-drill-20250131-k7m2qz', digest: 'abc' };
    },
    list: async (request) => {
      calls.push(['list', request]);
      return [];
    },
    show: async (runId) => {
      calls.push(['show', runId]);
      const next = views[Math.min(shown, views.length - 1)];
      shown += 1;
      if (next === undefined) throw new MusterError('run.notFound', undefined, { hint: 'List the runs.' });
      if (next instanceof MusterError) throw next;
      return next;
    },
    vote: async (request) => {
      calls.push(['vote', request]);
      return { id: 'vote-1', counted: true };
    },
    cancel: async (request) => {
      calls.push(['cancel', request]);
    },
    pause: async (request) => {
      calls.push(['pause', request]);
    },
    resume: async (request) => {
      calls.push(['resume', request]);
    },
    result: async () => ({ outcome: 'succeeded', steps: 1 }),
    close: async () => {
      calls.push(['close', undefined]);
    },
    ...over,
  };
}
