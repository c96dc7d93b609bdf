import type { RunView } from '../../src/client/index.ts';
import { offersAfter, APPROVAL_OFFERS } from '../../src/model/offers.ts';
import type { StepFailure } from '../../src/model/failure.ts';
import type { Gate, StepRecord, Timeline } from '../../src/model/run.ts';

export const RUN_ID = 'dr-drill-20250131-k7m2qz';
export const START = Date.UTC(2025, 0, 31, 3, 0, 0);

export function step(path: string, over: Partial<StepRecord> = {}): StepRecord {
  return { path, title: `Step ${path}`, kind: 'uses', state: 'pending', attempt: 0, ...over };
}

/** A step that began and ended so many seconds after the run did. */
export function done(path: string, from: number, to: number, over: Partial<StepRecord> = {}): StepRecord {
  const times = { startedAt: START + from * 1_000, endedAt: START + to * 1_000 };
  return step(path, { state: 'ended', attempt: 1, outcome: 'succeeded', ...times, ...over });
}

export function running(path: string, from: number, over: Partial<StepRecord> = {}): StepRecord {
  return step(path, { state: 'running', attempt: 1, startedAt: START + from * 1_000, ...over });
}

export function gate(over: Partial<Gate> = {}): Gate {
  return {
    kind: 'approval',
    nonce: 'nonce-1',
    digest: 'digest-1',
    title: 'Fail ERP over now?',
    openedAt: START + 60_000,
    policy: { rules: [{ role: 'dr-manager', count: 1 }], exclude: ['starter'], starter: 'anna' },
    offers: APPROVAL_OFFERS,
    covered: [{ path: 'failover', action: 'vro.failover', with: {}, target: 'dr-site/plan/ERP' }],
    votes: [],
    missing: ['1 more with role dr-manager'],
    ...over,
  };
}

export function waitingStep(path = 'go', over: Partial<StepRecord> = {}): StepRecord {
  return step(path, {
    title: 'Go?',
    kind: 'approval',
    state: 'waiting',
    attempt: 1,
    startedAt: START + 60_000,
    gate: gate(),
    ...over,
  });
}

/** A failover that halted on a critical VM and asks how to go on. */
export function haltedStep(): StepRecord {
  const failure: StepFailure = {
    code: 'vro.planHalted',
    message: 'The plan ERP halted in group Databases.',
    details: {
      failed: [
        {
          group: 'Databases',
          vm: 'erp-db',
          isCritical: true,
          step: 'Start VM',
          info: 'No space on datastore DS1.',
        },
      ],
      more: 2,
    },
  };
  return step('failover', {
    title: 'Fail ERP over',
    state: 'waiting',
    attempt: 1,
    startedAt: START + 60_000,
    failure,
    gate: gate({
      kind: 'decision',
      title: 'Fail ERP over: The plan ERP halted in group Databases.',
      policy: { rules: [{ role: 'operator', count: 1 }], exclude: [], starter: 'anna' },
      offers: offersAfter(failure, { isCommand: true }),
      covered: [],
      missing: ['1 with role operator'],
    }),
  });
}

export function timeline(steps: readonly StepRecord[], over: Partial<Timeline> = {}): Timeline {
  return {
    run: {
      runId: RUN_ID,
      firstExecutionId: 'first-1',
      runbook: 'dr-drill',
      runbookDigest: 'abc',
      mode: 'drill',
      purpose: 'exercise',
      starter: 'anna',
    },
    title: 'A drill of ERP',
    startedAt: START,
    refused: { total: 0, latest: [] },
    total: steps.length,
    from: 0,
    steps,
    continuations: 0,
    ...over,
  };
}

export function view(
  steps: readonly StepRecord[],
  {
    timeline: over = {},
    ...rest
  }: Partial<Omit<RunView, 'timeline'>> & { timeline?: Partial<Timeline> } = {},
): RunView {
  return { state: 'running', timeline: timeline(steps, over), steps, progress: {}, ...rest };
}

/** A run that is over. */
export function ended(
  outcome: NonNullable<RunView['outcome']>,
  steps: readonly StepRecord[],
  over: Partial<Timeline> = {},
): RunView {
  return view(steps, { state: outcome, outcome, timeline: { outcome, endedAt: START + 120_000, ...over } });
}
