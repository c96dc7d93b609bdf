import type {
  BreakGlassRequest,
  CancelRequest,
  Muster,
  PauseRequest,
  RerunRequest,
  SpokenRequest,
  StartRequest,
  VoteRequest,
} from '../../src/client/index.ts';

/** A request, and who makes it. */
export type By<Request> = Request & { readonly person: string };

/** The operations, with whoever does them named in each request: what a test says of several people reads in one line. */
export interface PersonMuster extends Omit<
  Muster,
  'start' | 'rerun' | 'vote' | 'spoken' | 'breakGlass' | 'cancel' | 'pause' | 'resume'
> {
  /** The operations of one person. */
  as(person: string): Muster;
  start(request: By<StartRequest>): ReturnType<Muster['start']>;
  rerun(request: By<RerunRequest>): ReturnType<Muster['rerun']>;
  vote(request: By<VoteRequest>): ReturnType<Muster['vote']>;
  spoken(request: By<SpokenRequest>): ReturnType<Muster['spoken']>;
  breakGlass(request: By<BreakGlassRequest>): ReturnType<Muster['breakGlass']>;
  cancel(request: By<CancelRequest>): ReturnType<Muster['cancel']>;
  pause(request: By<PauseRequest>): ReturnType<Muster['pause']>;
  resume(request: By<PauseRequest>): ReturnType<Muster['resume']>;
}

/** Operations for anybody; those that name nobody are done by whoever opens them without a name. */
export function personMuster(open: (person?: string) => Muster): PersonMuster {
  const opened = new Map<string | undefined, Muster>();
  const as = (person?: string): Muster => {
    const muster = opened.get(person) ?? open(person);
    opened.set(person, muster);
    return muster;
  };
  const anybody = as();
  return {
    whoami: () => anybody.whoami(),
    validate: (request) => anybody.validate(request),
    list: (request) => anybody.list(request),
    show: (runId) => anybody.show(runId),
    card: (request) => anybody.card(request),
    inbox: () => anybody.inbox(),
    evidence: (runId) => anybody.evidence(runId),
    report: (request) => anybody.report(request),
    periodReport: (request) => anybody.periodReport(request),
    review: (request) => anybody.review(request),
    notes: anybody.notes,
    findings: anybody.findings,
    ledger: () => anybody.ledger(),
    ledgerEntries: (request) => anybody.ledgerEntries(request),
    ledgerCheckpoints: (request) => anybody.ledgerCheckpoints(request),
    ledgerPrunings: () => anybody.ledgerPrunings(),
    audits: (request) => anybody.audits(request),
    audit: (request) => anybody.audit(request),
    prune: (request) => anybody.prune(request),
    hold: (request) => anybody.hold(request),
    unhold: (request) => anybody.unhold(request),
    holds: () => anybody.holds(),
    rotateLedgerKey: (request) => anybody.rotateLedgerKey(request),
    freezes: () => anybody.freezes(),
    freeze: (request) => anybody.freeze(request),
    unfreeze: (request) => anybody.unfreeze(request),
    refusals: (runId) => anybody.refusals(runId),
    delegations: () => anybody.delegations(),
    delegate: (request) => anybody.delegate(request),
    undelegate: (request) => anybody.undelegate(request),
    people: anybody.people,
    tokens: anybody.tokens,
    secrets: anybody.secrets,
    schedules: anybody.schedules,
    result: (runId, options) => anybody.result(runId, options),
    as,
    start: async ({ person, ...request }) => as(person).start(request),
    rerun: async ({ person, ...request }) => as(person).rerun(request),
    vote: async ({ person, ...request }) => as(person).vote(request),
    spoken: async ({ person, ...request }) => as(person).spoken(request),
    breakGlass: async ({ person, ...request }) => as(person).breakGlass(request),
    cancel: async ({ person, ...request }) => as(person).cancel(request),
    pause: async ({ person, ...request }) => as(person).pause(request),
    resume: async ({ person, ...request }) => as(person).resume(request),
    async close() {
      await Promise.all([...opened.values()].map((muster) => muster.close()));
    },
  };
}
