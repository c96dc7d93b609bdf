import { describe, expect, test } from 'vitest';
import type { RunView } from '../../src/client/index.ts';
import { demoScenario, type Fault, type Scenario } from '../../src/simulator/index.ts';
import { callsTo, outcomesOf, stageForTest, stepOf, type Stage } from '../support/stage.ts';

const CHECK = 'POST /Plans/{planId}/ReadinessCheck';
const DAY_S = 24 * 3_600;
const PLANS = ['ERP', 'CRM'];

interface Estate {
  readonly scenario?: Scenario;
  readonly faults?: readonly Fault[];
  readonly plans?: readonly string[];
}

async function ran({ plans = PLANS, ...world }: Estate): Promise<{ stage: Stage; view: RunView }> {
  const stage = await stageForTest(world);
  const runId = await stage.start('readiness', { inputs: { plans } });
  return { stage, view: await stage.ended(runId) };
}

/** The demo, in which a machine has not been backed up for three days. */
const STALE: Scenario = {
  ...demoScenario,
  vbr: {
    ...demoScenario.vbr,
    vms: [
      {
        name: 'erp-web-02',
        replication: { isStopped: true, newestAgeSeconds: 3 * DAY_S },
        backup: { isStopped: true, newestAgeSeconds: 3 * DAY_S },
      },
    ],
  },
};

const checkOf = (plan: string): Fault => ({
  kind: 'failStep',
  plan,
  vm: `${plan.toLowerCase()}-db-01`,
  during: 'check',
  message: 'The license has expired',
});

describe('readiness', () => {
  test('of plans that are ready and well protected succeeds', async () => {
    const { stage, view } = await ran({});
    expect([view.outcome, ...new Set(Object.values(outcomesOf(view)))]).toEqual(['succeeded', 'succeeded']);
    expect(callsTo(stage)).toEqual([CHECK, CHECK]);
    expect(stepOf(view, 'plans').output).toMatchObject({ total: 2, succeeded: 2 });
  });

  test('fails when a machine has no restore point that is young enough, and names it', async () => {
    const { view } = await ran({ scenario: STALE });
    expect(stepOf(view, 'objectives/rpo').failure).toMatchObject({
      code: 'check.failed',
      details: { counts: { missed: 1 }, failed: [{ vm: 'erp-web-02' }] },
    });
    expect([view.outcome, stepOf(view, 'verdict').outcome]).toEqual(['failed', 'failed']);
  });

  test('warns when an error is open in Veeam ONE', async () => {
    const alarm = { name: 'Host is down', object: 'esx-01', objectType: 'Host', status: 'Error' } as const;
    const { view } = await ran({ scenario: { ...demoScenario, alarms: [alarm] } });
    expect(stepOf(view, 'objectives/alarms').failure).toMatchObject({
      code: 'check.failed',
      details: { counts: { errors: 1 }, alarms: [{ object: 'esx-01' }] },
    });
    expect([view.outcome, stepOf(view, 'verdict').outcome]).toEqual(['warned', 'succeeded']);
  });

  test('warns when a check ends with warnings', async () => {
    const { view } = await ran({ faults: [{ kind: 'endWithWarnings', plan: 'CRM', during: 'check' }] });
    expect(outcomesOf(view)).toMatchObject({ 'plans/CRM': 'warned', verdict: 'succeeded' });
    expect(view.outcome).toBe('warned');
  });

  test('fails when a plan is not ready, after it has looked at everything', async () => {
    const { view } = await ran({ faults: [checkOf('CRM')], plans: ['CRM', 'ERP', 'NO-SUCH-PLAN'] });
    expect(outcomesOf(view)).toMatchObject({
      'plans/CRM': 'failed',
      'plans/ERP': 'succeeded',
      'plans/NO-SUCH-PLAN': 'failed',
      'objectives/rpo': 'succeeded',
      'objectives/alarms': 'succeeded',
      verdict: 'skipped',
    });
    expect([view.outcome, stepOf(view, 'plans').output]).toMatchObject(['failed', { failed: 2 }]);
  });
});
