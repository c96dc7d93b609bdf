import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DryRunReport, DryRunStep } from '../../src/cli/dry-run-report.ts';
import type { DryRunOptions } from '../../src/cli/stack-door.ts';
import { loadConfig } from '../../src/config/index.ts';
import type { Control } from '../../src/control/index.ts';
import { startSimulator, type Simulator } from '../../src/simulator/index.ts';
import { dryRun } from '../../src/stack/dry-run/run-dry-run.ts';
import { noControl } from '../../src/stack/no-control.ts';
import { PROJECT_ROOT } from '../../src/stack/project.ts';

const HEAD = `apiVersion: muster/v1
name: test
connections: { vro: dr-site, vbr: dr-backup, one: hq }
inputs: { plan: { type: vroPlan, default: ERP-CANARY } }
steps:
`;

interface Rehearsal {
  readonly simulator: Simulator;
  readonly rehearse: (text: string, over?: Partial<DryRunOptions>) => Promise<DryRunReport>;
}

/** The configuration that ships, with a simulator of the test's own. */
async function rehearsal(control: Control = noControl('There is no Temporal here.')): Promise<Rehearsal> {
  const simulator = await startSimulator();
  onTestFinished(() => simulator.close());
  const config = await loadConfig({
    file: join(PROJECT_ROOT, 'muster.yaml'),
    simulatorUrls: simulator.urls,
  });
  return {
    simulator,
    rehearse: (text, over = {}) =>
      dryRun(config, control, {
        source: { file: 'test.yaml', text },
        mode: 'drill',
        purpose: 'exercise',
        inputs: {},
        person: 'anna',
        signal: new AbortController().signal,
        onStep: () => undefined,
        ...over,
      }),
  };
}

const brief = (steps: readonly DryRunStep[]): string[] =>
  steps.map(({ path, verdict }) => `${path} ${verdict}`);
const shipped = (name: string): Promise<string> =>
  readFile(join(PROJECT_ROOT, 'runbooks', `${name}.yaml`), 'utf8');
/** What is found about one step of a drill. */
async function only(step: string): Promise<DryRunStep | undefined> {
  const { rehearse } = await rehearsal();
  return (await rehearse(`${HEAD}${step}\n`)).steps[0];
}

describe('the drill that ships', () => {
  test('is rehearsed step by step, and nothing is sent', async () => {
    const { simulator, rehearse } = await rehearsal();
    const url = `${simulator.urls.app}/apps/ERP-CANARY/health`;
    const { steps } = await rehearse(await shipped('dr-drill'), { inputs: { url } });
    expect(brief(steps)).toEqual([
      'ready would',
      'go ask',
      'failover later',
      'checks would',
      'checks/web would',
      'checks/account read',
      'token would',
      'token/issue would',
      'token/revoke later',
      'cleanup/undo later',
      'cleanup/reset later',
      'cleanup/enable later',
    ]);
    expect(simulator.journal).toEqual([]);
  });

  test('says who could approve, without whoever starts it', async () => {
    const { simulator, rehearse } = await rehearsal();
    const url = `${simulator.urls.app}/apps/ERP-CANARY/health`;
    const { steps } = await rehearse(await shipped('dr-drill'), { inputs: { url }, person: 'emil' });
    expect(steps[1]?.says).toEqual([
      'A yes would allow: failover.',
      '1 with the role dr-manager: boris, carla, demo-approver could answer now.',
    ]);
  });
});

describe('a notification', () => {
  test('is not sent, and one that would reach nobody is told', async () => {
    const step = await only('- { id: a, uses: notify.webhook, with: { channel: ops, text: hi } }');
    expect(step).toMatchObject({
      verdict: 'would',
      says: [expect.stringMatching(/^It would tell nobody: muster.yaml has no channel "ops"/) as string],
    });
  });
});

describe('a read', () => {
  test('is really done', async () => {
    const step = await only("- { id: a, uses: vro.plan, with: { plan: '${{ inputs.plan }}' } }");
    expect(step?.verdict).toBe('read');
    expect(step?.says[0]).toContain('"name":"ERP-CANARY"');
  });

  test('gives its output to what comes after it', async () => {
    const { rehearse } = await rehearsal();
    const { steps } = await rehearse(
      `${HEAD}- { id: a, uses: vro.plan, with: { plan: ERP-CANARY } }\n- { id: b, check: steps.a.output.mode == "Enabled" }\n`,
    );
    expect(brief(steps)).toEqual(['a read', 'b read']);
  });

  test('that fails now is told with its code', async () => {
    const step = await only('- { id: a, uses: vro.plan, with: { plan: NO-SUCH } }');
    expect({ verdict: step?.verdict, code: step?.code }).toEqual({
      verdict: 'blocked',
      code: 'vro.planNotFound',
    });
  });

  test('that would be repeated is told so', async () => {
    const step = await only(
      '- { id: a, uses: vro.plan, with: { plan: ERP-CANARY }, until: { within: 1h, if: output.mode == "Disabled" } }',
    );
    expect(step?.says[1]).toBe(
      'It would be repeated, since this does not hold yet: output.mode == "Disabled"',
    );
  });
});

describe('a command', () => {
  test('says what would be sent where, and that it is legal now', async () => {
    const step = await only('- { id: a, uses: vro.failover, with: { plan: ERP-CANARY } }');
    expect(step?.verdict).toBe('would');
    expect(step?.says.join('\n')).toMatch(
      /It would send vro\.failover to dr-site\/plan\/[0-9a-f-]{36} \(ERP-CANARY\)[^]+It may, as it stands now: default\./,
    );
  });

  test('whose goal holds already would send nothing', async () => {
    const step = await only('- { id: a, uses: vro.undo, with: { plan: ERP-CANARY } }');
    expect({ verdict: step?.verdict, says: step?.says[0] }).toEqual({
      verdict: 'skip',
      says: expect.stringContaining('Nothing would be sent: nothing to do') as string,
    });
  });

  test('that is not legal now is told why', async () => {
    const step = await only('- { id: a, uses: vro.failback, with: { plan: ERP-CANARY } }');
    expect({ verdict: step?.verdict, code: step?.code }).toEqual({
      verdict: 'blocked',
      code: 'vro.illegalState',
    });
  });

  test('behind one that changes its target is not judged by how that stands now', async () => {
    const { rehearse } = await rehearsal();
    const plan = 'with: { plan: ERP-CANARY }';
    const { steps } = await rehearse(
      `${HEAD}- { id: a, uses: vro.failover, ${plan} }\n- { id: b, uses: vro.failback, ${plan} }\n`,
    );
    expect(brief(steps)).toEqual(['a would', 'b later']);
  });
});

describe('other steps', () => {
  test.each([
    ['- { id: a, if: inputs.plan == "x", wait: 1s }', 'skip', 'This does not hold: inputs.plan == "x"'],
    ['- { id: a, modes: [live], wait: 1s }\n- { id: b, wait: 1s }', 'skip', 'It does not happen in a drill.'],
    ['- { id: a, wait: 90s }', 'would', 'It would wait for 1 m 30 s.'],
    ['- { id: a, check: inputs.plan == "x" }', 'blocked', 'It does not hold: inputs.plan == "x"'],
    [
      '- { id: a, manual: { title: Look, by: [app-owner], fields: { orders: integer } } }',
      'ask',
      'Answers: done, failed; to be filled in: orders.',
    ],
  ])('%s', async (text, verdict, says) => {
    const step = await only(text);
    expect({ verdict: step?.verdict, says: step?.says[0] }).toEqual({ verdict, says });
  });

  test('what depends on a step that is not done is told so', async () => {
    const { rehearse } = await rehearsal();
    const { steps } = await rehearse(
      `${HEAD}- { id: a, manual: { title: Look, fields: { orders: integer } } }\n- { id: b, check: steps.a.output.orders > 1 }\n`,
    );
    expect(steps[1]).toMatchObject({
      verdict: 'later',
      says: ['Whether it holds depends on what comes of a, which is not known before the run.'],
    });
  });

  test('a loop is gone through by its items', async () => {
    const { rehearse } = await rehearsal();
    const { steps } = await rehearse(
      HEAD.replace(
        'default: ERP-CANARY }',
        'default: ERP-CANARY }, plans: { type: list, of: vroPlan, default: [ERP, CRM] }',
      ) +
        "- id: each\n  forEach: { items: '${{ inputs.plans }}', as: plan, key: '${{ plan }}' }\n" +
        "  steps: [{ id: look, uses: vro.plan, with: { plan: '${{ plan }}' } }]\n",
    );
    expect(brief(steps)).toEqual(['each would', 'each/ERP/look read', 'each/CRM/look read']);
  });

  test('a runbook in the runbook is rehearsed below its step', async () => {
    const { rehearse } = await rehearsal();
    const inner = 'apiVersion: muster/v1\nname: inner\nsteps: [{ id: x, wait: 1s }]\n';
    const source = { file: 'a.yaml', text: `${HEAD}- { id: a, runbook: inner }\n`, library: { inner } };
    expect(brief((await rehearse('', { source })).steps)).toEqual(['a would', 'a/x would']);
  });
});

describe('what could not be started', () => {
  test('is refused with the diagnostics of a start', async () => {
    const { rehearse } = await rehearsal();
    const text = `${HEAD}- { id: a, uses: vro.failover, with: { plan: ERP } }\n`;
    await expect(rehearse(text)).rejects.toMatchObject({
      code: 'run.refused',
      diagnostics: expect.arrayContaining([
        expect.objectContaining({ code: 'DRILL_NOT_ALLOWED' }),
      ]) as unknown,
    });
  });

  test('a server that is away is told with its code', async () => {
    const { simulator, rehearse } = await rehearsal();
    await simulator.close();
    const { steps } = await rehearse(`${HEAD}- { id: a, uses: vro.plan, with: { plan: ERP } }\n`);
    expect(steps[0]).toMatchObject({ verdict: 'blocked', code: 'veeam.unreachable' });
  });
});
