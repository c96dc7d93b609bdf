import { describe, expect, test } from 'vitest';
import { approve, decide, runbookOf, stageForTest, stepOf } from '../support/stage.ts';

const CHILD = `apiVersion: muster/v1
name: child
inputs:
  count: { type: integer }
  name: { type: string, default: ERP }
outputs: { total: '\${{ inputs.count }}', of: '\${{ inputs.name }}' }
steps:
  - id: go
    approval: { title: 'Go on with \${{ inputs.name }}?', rules: [{ role: dr-manager, count: 1 }] }
  - { id: small, check: inputs.count < 10 }
`;
const PARENT = (count: number) =>
  runbookOf(`
steps:
  - { id: sub, runbook: child, with: { count: ${count} } }
  - { id: known, check: 'steps.sub.output.total == ${count} && steps.sub.output.of == "ERP"' }
`);

describe('a step that runs a runbook', () => {
  test('shows its gates in the parent, takes their answers there, and answers its outputs', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(PARENT(5), { library: { child: CHILD } });
    await approve(stage, runId, 'sub/go', 'boris');
    const view = await stage.ended(runId);
    expect(view.outcome).toBe('succeeded');
    expect(stepOf(view, 'sub/small').outcome).toBe('succeeded');
  });

  test('fails with a run that fails, and runs it anew when people say so', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(PARENT(50), { library: { child: CHILD } });
    await approve(stage, runId, 'sub/go', 'boris');
    await decide(stage, runId, 'sub/small', 'abort');
    const { failure } = await stage.gate(runId, 'sub');
    expect(failure).toMatchObject({ code: 'step.runbookFailed' });
    await decide(stage, runId, 'sub', 'retry');
    await approve(stage, runId, 'sub/go', 'boris');
    await decide(stage, runId, 'sub/small', 'skip');
    expect((await stage.ended(runId)).outcome).toBe('warned');
  });

  test('is cancelled with its parent', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(PARENT(5), { library: { child: CHILD } });
    await stage.gate(runId, 'sub/go');
    await stage.muster.cancel({ runId, person: 'anna', reason: 'enough' });
    const view = await stage.ended(runId);
    expect(view.outcome).toBe('cancelled');
    expect(stepOf(view, 'sub/go').outcome).toBe('cancelled');
  });

  test('keeps its parent from continuing as new', async () => {
    const stage = await stageForTest();
    const runId = await stage.start(PARENT(5), { library: { child: CHILD }, continueAfter: 1 });
    await approve(stage, runId, 'sub/go', 'boris');
    const view = await stage.ended(runId);
    expect(view.outcome).toBe('succeeded');
    expect(view.timeline.continuations).toBeGreaterThan(0);
  });

  test('is refused when the runbook is missing, broken, or runs itself', async () => {
    const { muster } = await stageForTest({ worker: false });
    const check = async (library: Record<string, string>): Promise<unknown> => {
      const { diagnostics } = await muster.validate({ file: 'p.yaml', text: PARENT(1), library });
      return diagnostics.find(({ code }) => code === 'UNKNOWN_RUNBOOK')?.hint;
    };
    const itself = CHILD.replace('steps:', 'steps:\n  - { id: again, runbook: child, with: { count: 1 } }');
    expect(await check({})).toContain('no file child.yaml');
    expect(await check({ child: 'apiVersion: muster/v2' })).toContain('has errors');
    expect(await check({ child: itself })).toContain('runs itself');
  });
});
