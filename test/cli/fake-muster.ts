import { NOBODY } from '../../src/model/actor.ts';
import { MusterError, type Delegation, type Muster, type RunView } from '../../src/client/index.ts';
import { fakeFindings } from './fake-findings.ts';
import { START } from './sample-run.ts';

/** What a command asked for: the name of the operation, and what it was given. */
export type Call = readonly [operation: string, request: unknown];

const DELEGATION: Delegation = {
  id: 'dl-1a2b3c4d',
  from: 'carla',
  to: 'boris',
  reason: 'on leave',
  begins: START,
  ends: START + 3_600_000,
};

/** An in-memory muster: `show` answers one view after the other and then the last one for ever. */
export function fakeMuster({
  views = [],
  ...over
}: Partial<Muster> & { readonly views?: readonly (RunView | MusterError)[] } = {}): Muster & {
  readonly calls: Call[];
  /** Who opened it. */
  by(person: string | undefined): void;
} {
  const calls: Call[] = [];
  let acting: string | undefined;
  const named = (request: object): object => ({
    ...request,
    ...(acting !== undefined && { person: acting }),
  });
  let shown = 0;
  return {
    calls,
    by(person) {
      acting = person;
    },
    whoami: async () =>
      acting === undefined
        ? NOBODY
        : {
            person: acting,
            name: acting,
            kind: 'person',
            grants: [{ role: 'operator' }],
            via: 'local',
            assurance: 'asserted',
          },
    card: async () => {
      throw new MusterError('gate.notOpen');
    },
    inbox: async () => [],
    evidence: async () => Buffer.from('evidence'),
    report: async ({ format }) => Buffer.from(`report as ${format}`),
    periodReport: async (request) => {
      calls.push(['periodReport', request]);
      return Buffer.from(`period as ${request.format}`);
    },
    review: async (request) => {
      calls.push(['review', named(request)]);
      const { of, decision, comment } = request;
      return {
        id: 'rv-1',
        ...('runId' in of ? { runId: of.runId } : of),
        reportDigest: 'd'.repeat(64),
        decision,
        comment,
        person: acting ?? '',
        roles: ['auditor'],
        assurance: 'asserted',
        iat: START / 1_000,
        jws: 'a.b.c',
      };
    },
    notes: {
      add: async (request) => {
        calls.push(['notes.add', named(request)]);
        const { runId, text } = request;
        return { id: 'nt-1', runId, at: START, by: acting ?? '', text };
      },
      list: async () => [],
      file: async () => Buffer.from('file'),
    },
    findings: fakeFindings((operation, request) => void calls.push([operation, named(request)])),
    ledger: async () => ({ origin: 'muster/ledger', key: 'key', size: 0, root: '', witnesses: [] }),
    ledgerEntries: async () => [],
    ledgerCheckpoints: async () => [],
    ledgerPrunings: async () => [],
    audits: async () => [],
    audit: async ({ runId }) => ({ runId, isFinal: true, auditedAt: START, findings: [] }),
    prune: async (request) => {
      calls.push(['prune', named(request)]);
      const policy = { runs: 1, drills: 1 };
      return { policy, entries: 0, runs: [], losingRefusals: [], kept: [] };
    },
    hold: async (request) => {
      calls.push(['hold', named(request)]);
      return { id: 'hd-1', run: 'run-1', at: START, by: acting ?? '', ...request };
    },
    unhold: async (request) => {
      calls.push(['unhold', named(request)]);
    },
    holds: async () => [],
    rotateLedgerKey: async (request) => {
      calls.push(['rotateLedgerKey', named(request)]);
      return { oldKey: 'old', newKey: 'new', bothUntil: START };
    },
    freezes: async () => [],
    freeze: async (request) => {
      calls.push(['freeze', named(request)]);
      const { reason, scope = {} } = request;
      return { freeze: { id: 'fz-1', reason, by: acting ?? '', at: 0, scope, from: 0 }, goesOn: [] };
    },
    unfreeze: async (request) => {
      calls.push(['unfreeze', named(request)]);
      return [];
    },
    refusals: async () => ({ total: 0, latest: [] }),
    delegations: async () => [DELEGATION],
    delegate: async (request) => {
      calls.push(['delegate', named(request)]);
      return { ...DELEGATION, to: request.to, ends: request.until, reason: request.reason };
    },
    undelegate: async (request) => {
      calls.push(['undelegate', named(request)]);
      return { ...DELEGATION, id: request.id };
    },
    people: {
      list: async () => [],
      revoke: async (request) => void calls.push(['people.revoke', request]),
      reinstate: async (request) => void calls.push(['people.reinstate', request]),
      events: async (request) => {
        calls.push(['people.events', request]);
        return [];
      },
    },
    secrets: {
      list: async () => [],
      reveal: async () => {
        throw new MusterError('secret.notFound');
      },
      rewrap: async () => ({ keyId: '', rewrapped: 0, left: [] }),
    },
    tokens: {
      async make(request) {
        calls.push(['tokens.make', request]);
        const { note, scope, validMs } = request;
        const times = { madeAt: START, expiresAt: START + validMs, lastUsedAt: START };
        const made = {
          id: 'a1B2c3D4e5F6',
          person: acting ?? '',
          via: 'token',
          assurance: 'twoFactor',
        } as const;
        return { ...made, note, scope, ...times, credential: 'mst_shown-once' };
      },
      list: async (request) => {
        calls.push(['tokens.list', request]);
        return [];
      },
      end: async (request) => void calls.push(['tokens.end', request]),
    },
    schedules: {
      plan: async () => [],
      apply: async () => [],
      list: async () => [],
      next: async () => [],
      launches: async () => [],
      pause: async (request) => void calls.push(['schedules.pause', named(request)]),
      resume: async (request) => void calls.push(['schedules.resume', named(request)]),
      trigger: async (request) => void calls.push(['schedules.trigger', named(request)]),
      remove: async (request) => void calls.push(['schedules.remove', named(request)]),
    },
    validate: async (request) => {
      calls.push(['validate', request]);
      return { ok: true, diagnostics: [], title: 'A drill', steps: 3 };
    },
    start: async (request) => {
      calls.push(['start', named(request)]);
      return { runId: 'dr-drill-20250131-k7m2qz', digest: 'abc' };
    },
    rerun: async (request) => {
      calls.push(['rerun', named(request)]);
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
      calls.push(['vote', named(request)]);
      return { id: 'vote-1', counted: true };
    },
    spoken: async (request) => {
      calls.push(['spoken', named(request)]);
      return { state: 'waitsForWitness', until: START + 900_000 };
    },
    breakGlass: async (request) => {
      calls.push(['breakGlass', named(request)]);
      return { id: 'vote-1', counted: true };
    },
    cancel: async (request) => {
      calls.push(['cancel', named(request)]);
    },
    pause: async (request) => {
      calls.push(['pause', named(request)]);
    },
    resume: async (request) => {
      calls.push(['resume', named(request)]);
    },
    result: async () => ({ outcome: 'succeeded', steps: 1 }),
    close: async () => {
      calls.push(['close', undefined]);
    },
    ...over,
  };
}
