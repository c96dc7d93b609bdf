import type { CompiledRunbook } from '../../src/model/runbook.ts';

const facts = { undo: 'none', timeoutMs: 60_000 } as const;

/** A failover that two people approve, somebody looks at, and everybody is told of. */
export const FAILOVER: CompiledRunbook = {
  schemaVersion: 1,
  name: 'erp-failover',
  title: 'Fail the ERP over',
  authors: ['paula'],
  contacts: [],
  connections: { vro: 'dr-site' },
  objectives: { rtoMs: 7_200_000 },
  inputs: { plan: { type: 'vroPlan' } },
  vars: {},
  steps: [
    {
      kind: 'uses',
      id: 'ready',
      path: 'ready',
      title: 'Readiness',
      uses: 'vro.readinessCheck',
      action: { ...facts, effect: 'read', impact: 'none' },
      connection: 'dr-site',
      with: { plan: '${{ inputs.plan }}' },
    },
    {
      kind: 'approval',
      id: 'go',
      path: 'go',
      title: 'Fail over now?',
      covers: ['failover'],
      rules: [
        { role: 'dr-manager', count: 1 },
        { role: 'app-owner', count: 1 },
      ],
      exclude: ['starter', 'author'],
      onTimeout: 'hold',
    },
    {
      kind: 'uses',
      id: 'failover',
      path: 'failover',
      title: 'Fail over',
      uses: 'vro.failover',
      action: {
        ...facts,
        effect: 'command',
        impact: 'production',
        undo: 'discardsChanges',
        settlesBy: 'vro.waitUntilStable',
        target: { kind: 'plan', input: 'plan' },
      },
      connection: 'dr-site',
      with: { plan: '${{ inputs.plan }}' },
    },
    {
      kind: 'manual',
      id: 'orders',
      path: 'orders',
      title: 'Open orders shown?',
      by: ['app-owner'],
      fields: { orders: { type: 'integer' } },
      answers: { yes: 'succeeded', no: 'failed' },
      onTimeout: 'hold',
    },
  ],
  cleanup: [
    {
      kind: 'uses',
      id: 'undo',
      path: 'cleanup/undo',
      title: 'Undo',
      uses: 'vro.undo',
      action: { ...facts, effect: 'command', impact: 'production', target: { kind: 'plan', input: 'plan' } },
      connection: 'dr-site',
      with: { plan: '${{ inputs.plan }}' },
    },
  ],
  always: [
    {
      kind: 'uses',
      id: 'tell',
      path: 'always/tell',
      title: 'Tell',
      uses: 'notify.webhook',
      action: { ...facts, effect: 'notify', impact: 'none' },
      with: { channel: 'ops', text: 'done' },
    },
  ],
};
