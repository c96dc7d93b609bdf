import type { FailureCode } from '../../../src/model/failure.ts';
import type { Gate, StepRecord, Timeline } from '../../../src/model/run.ts';
import type { VerifiedVote } from '../../../src/model/vote.ts';
import { runReport, type ReportedView, type RunReportData } from '../../../src/ledger/report/run-report.ts';
import type { RunReport } from '../../../src/ledger/report/report-types.ts';
import type { KeptGate } from '../../../src/store/index.ts';

export const START = Date.UTC(2026, 2, 1, 3, 0, 0);
export const RUN_ID = 'erp-failover-20260301-k7m2qz';
export const MINUTE = 60_000;

/** A moment so many minutes after the start of the run. */
export function at(minutes: number): number {
  return START + minutes * MINUTE;
}

/** A step that began and ended so many minutes after the run did. */
export function done(path: string, from: number, to: number, over: Partial<StepRecord> = {}): StepRecord {
  return {
    path,
    title: `Step ${path}`,
    kind: 'uses',
    state: 'ended',
    attempt: 1,
    outcome: 'succeeded',
    startedAt: at(from),
    endedAt: at(to),
    ...over,
  };
}

export function vote(person: string, minutes: number, over: Partial<VerifiedVote> = {}): VerifiedVote {
  return {
    id: `vote-${person}`,
    run: 'first',
    gate: 'go',
    nonce: 'nonce-go',
    digest: 'd'.repeat(64),
    decision: 'approve',
    person,
    roles: ['dr-manager'],
    assurance: 'proven',
    iat: at(minutes) / 1_000,
    exp: at(minutes + 60) / 1_000,
    jws: 'a.b.c',
    ...over,
  } as VerifiedVote;
}

export function gate(over: Partial<Gate> = {}): Gate {
  return {
    kind: 'approval',
    nonce: 'nonce-go',
    digest: 'd'.repeat(64),
    title: 'Fail ERP over now?',
    openedAt: at(5),
    closedAt: at(15),
    closedBy: 'vote',
    policy: { rules: [{ role: 'dr-manager', count: 1 }], exclude: ['starter'], starter: 'anna' },
    offers: [],
    covered: [
      {
        path: 'failover',
        action: 'vro.failover',
        with: { plan: 'ERP', restorePoint: 'latest' },
        target: 'dr-site/plan/ERP',
      },
    ],
    votes: [vote('boris', 15, { comment: 'The site is without power.' })],
    missing: [],
    ...over,
  };
}

/** A decision on a failed step. */
export function decided(
  decision: 'skip' | 'done' | 'retry' | 'continue',
  minutes: number,
  over: { comment?: string; failure?: FailureCode } = {},
): NonNullable<StepRecord['decisions']>[number] {
  const { failure = 'check.failed', ...more } = over;
  const cover = { gate: 'web', nonce: 'n', digest: 'd', covered: [], votes: [] };
  return { decision, person: 'anna', at: at(minutes), attempt: 1, failure, cover, ...more };
}

export const FAILED_VM = {
  group: 'Web',
  vm: 'erp-web-02',
  isCritical: false,
  step: 'Check VM heartbeat',
  info: 'The heartbeat of erp-web-02 was not seen in 300 s',
};

/** A failover with an approval, a machine that failed, a check that people left out, and a step whose `if` was false. */
export function steps(): StepRecord[] {
  return [
    done('ready', 0, 5, { uses: 'vro.readinessCheck', title: 'Is the plan ready?' }),
    done('go', 5, 15, { kind: 'approval', title: 'Go?', gate: gate(), waits: [{ from: at(5), to: at(15) }] }),
    done('failover', 15, 35, {
      uses: 'vro.failover',
      title: 'Fail ERP over',
      outcome: 'warned',
      reason: 'accepted: ERP ended with errors.',
      output: {
        failed: [FAILED_VM],
        more: 0,
        counts: { groups: 2, vms: 6, succeeded: 5, warnings: 0, errors: 1 },
      },
    }),
    done('checks', 35, 50, { kind: 'parallel', title: 'Does it work?' }),
    done('checks/web', 35, 40, { uses: 'http.check', title: 'The application answers' }),
    done('checks/old', 35, 50, {
      uses: 'http.check',
      title: 'The old address answers',
      outcome: 'skipped',
      decisions: [decided('skip', 50, { comment: 'gone with the site' })],
      waits: [{ from: at(40), to: at(50) }],
    }),
    done('never', 50, 50, { kind: 'wait', outcome: 'skipped', reason: 'if: false' }),
  ];
}

export function timeline(over: Partial<Timeline> = {}): Timeline {
  return {
    run: {
      runId: RUN_ID,
      firstExecutionId: 'first',
      runbook: 'erp-failover',
      runbookDigest: 'c'.repeat(64),
      mode: 'live',
      purpose: 'incident',
      starter: 'anna',
    },
    title: 'Fail the ERP over to the recovery site',
    startedAt: START,
    endedAt: at(50),
    outcome: 'warned',
    recoveries: [{ application: 'ERP', lostAt: START, recoveredAt: at(40), waitedForPeopleMs: 10 * MINUTE }],
    objectives: { rtoMs: 60 * MINUTE, rpoMs: 15 * MINUTE },
    refused: { total: 0, latest: [] },
    total: 7,
    from: 0,
    steps: [],
    continuations: 0,
    ...over,
  };
}

export function view(over: Partial<ReportedView> = {}): ReportedView {
  return { state: 'warned', timeline: timeline(), steps: steps(), ...over };
}

/** The gate as it was kept, with what people saw: restore points of ten minutes before the run. */
export function keptGate(over: Partial<KeptGate> = {}): KeptGate {
  return {
    nonce: 'nonce-go',
    run: 'first',
    runId: RUN_ID,
    path: 'go',
    kind: 'approval',
    title: 'Fail ERP over now?',
    digest: 'd'.repeat(64),
    asked: {
      spokenSalt: 'never to be shown',
      facts: {
        at: at(5),
        plans: [],
        machines: [
          { name: 'erp-db-01', isCritical: true, newestPoint: at(-10) },
          { name: 'erp-web-02', isCritical: false, newestPoint: at(-4) },
        ],
        more: 0,
        unknown: [],
      },
    },
    openedAt: at(5),
    ...over,
  };
}

export const CHECKPOINT = {
  origin: 'muster.example/ledger',
  size: 1_204,
  root: 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=',
};

export function report(over: Partial<RunReportData> = {}): RunReport {
  return runReport({ madeAt: at(60), view: view(), gates: [keptGate()], checkpoint: CHECKPOINT, ...over });
}
