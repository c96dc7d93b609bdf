import { describe, expect, test } from 'vitest';
import type { Fault } from '../../src/simulator/index.ts';
import { runbookOf, stageForTest, stepOf, type Stage } from '../support/stage.ts';

/** With the cleanup without which a drill that fails over cannot end well. */
const runbookWith = (accept: string): string =>
  runbookOf(`
inputs: { most: { type: integer, default: 1 } }
steps:
  - { id: failover, uses: vro.failover, with: { plan: ERP-CANARY }${accept} }
  - { id: after, check: 'steps.failover.outcome == "warned" && size(steps.failover.output.failed) < 2' }
cleanup:
  - { id: undo, uses: vro.undo, with: { plan: ERP-CANARY } }
  - { id: reset, uses: vro.reset, with: { plan: ERP-CANARY } }
  - { id: enable, uses: vro.enable, with: { plan: ERP-CANARY } }
`);
const UNLESS_CRITICAL = ", accept: { if: '!output.failed.exists(vm, vm.isCritical)' }";

const failing = (vm: string, critical: boolean): Fault => ({
  kind: 'failStep',
  plan: 'ERP-CANARY',
  vm,
  step: 'Process replica VM',
  critical,
  message: 'The host did not answer',
});
const HARMLESS = failing('canary-web-01', false);
const WARNS: Fault = { kind: 'endWithWarnings', plan: 'ERP-CANARY' };

async function started(accept: string, fault: Fault): Promise<{ stage: Stage; runId: string }> {
  const stage = await stageForTest();
  stage.simulator.faults.add(fault);
  return { stage, runId: await stage.start(runbookWith(accept)) };
}

describe('a plan that ended with errors', () => {
  test('asks nobody when what failed is accepted, and ends warned', async () => {
    const { stage, runId } = await started(UNLESS_CRITICAL, HARMLESS);
    const view = await stage.ended(runId);
    const { outcome, gate, output, reason } = stepOf(view, 'failover');
    expect({ outcome, gate, run: view.outcome }).toEqual({
      outcome: 'warned',
      gate: undefined,
      run: 'warned',
    });
    expect(output).toMatchObject({ result: 'Error', failed: [{ vm: 'canary-web-01', isCritical: false }] });
    expect(reason).toMatch(/^accepted: ERP-CANARY ended with errors\./);
    expect(stepOf(view, 'after').outcome).toBe('succeeded');
  });

  test('asks when the condition does not hold, and says that', async () => {
    const { stage, runId } = await started(', accept: { if: output.counts.errors < inputs.most }', HARMLESS);
    const { failure } = await stage.gate(runId, 'failover');
    expect(failure?.code).toBe('vro.planFailed');
    expect(failure?.message).toMatch(
      /Not accepted: this does not hold: output\.counts\.errors < inputs\.most\.$/,
    );
  });

  test('asks when the condition cannot be evaluated', async () => {
    const { stage, runId } = await started(", accept: { if: 'output.failed[7].isCritical' }", HARMLESS);
    const { failure } = await stage.gate(runId, 'failover');
    expect(failure?.code).toBe('vro.planFailed');
    expect(failure?.message).toMatch(/`accept\.if` cannot be evaluated/);
  });

  test('asks when only warnings are accepted', async () => {
    const { stage, runId } = await started(', accept: { warnings: true }', HARMLESS);
    expect((await stage.gate(runId, 'failover')).failure?.code).toBe('vro.planFailed');
  });
});

test('a plan that halted is never accepted', async () => {
  const { stage, runId } = await started(", accept: { if: 'true' }", failing('canary-db-01', true));
  expect((await stage.gate(runId, 'failover')).failure?.code).toBe('vro.planHalted');
});

describe('a plan that ended with warnings', () => {
  test.each(['', ', accept: { warnings: true }', UNLESS_CRITICAL])(
    'ends warned with `%s`',
    async (accept) => {
      const { stage, runId } = await started(accept, WARNS);
      expect(stepOf(await stage.ended(runId), 'failover').outcome).toBe('warned');
    },
  );

  test.each([', accept: { warnings: false }', ', accept: { if: output.counts.vms == 0 }'])(
    'asks with `%s`',
    async (accept) => {
      const { stage, runId } = await started(accept, WARNS);
      const { failure, gate } = await stage.gate(runId, 'failover');
      expect(failure).toMatchObject({ code: 'step.notAccepted', details: { result: 'Warning' } });
      const offers = gate?.offers.filter(({ unavailable }) => unavailable === undefined);
      expect(offers?.map(({ decision }) => decision)).toEqual(['done', 'skip', 'abort']);
    },
  );
});
