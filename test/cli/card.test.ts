import { expect, test } from 'vitest';
import type { Card } from '../../src/client/index.ts';
import { APPROVAL_OFFERS } from '../../src/model/offers.ts';
import { cardLines } from '../../src/cli/render/card.ts';
import { fakeMuster } from './fake-muster.ts';
import { runMuster } from './run-muster.ts';
import { RUN_ID, START } from './sample-run.ts';

const HOUR_MS = 3_600_000;
const CARD: Card = {
  runId: RUN_ID,
  gate: 'go',
  nonce: 'nonce-1',
  kind: 'approval',
  title: 'Fail ERP over now?',
  runbook: { name: 'erp-failover', title: 'Fail the ERP over' },
  mode: 'live',
  purpose: 'incident',
  starter: 'anna',
  dueAt: START + HOUR_MS,
  leftMs: HOUR_MS,
  says: ['It waits until 1 person with the role dr-manager says yes.'],
  allows: [
    {
      path: 'failover',
      title: 'Fail over',
      action: 'vro.failover',
      says: ['Fails a plan over.'],
      target: 'dr-site/plan/p-1',
      with: [{ name: 'plan', value: 'ERP' }],
      production: true,
      irreversible: false,
    },
  ],
  cannotUndo: ['Fail over: it can be undone, but what was written meanwhile is lost then.'],
  warnings: [],
  facts: {
    at: START,
    plans: [
      { target: 'dr-site/plan/p-1', name: 'ERP', state: 'Ready', verification: 'Verified', machines: 2 },
    ],
    machines: [
      { name: 'erp-db', isCritical: true, newestPoint: START - 2 * HOUR_MS },
      { name: 'erp-web', isCritical: false },
    ],
    more: 0,
    unknown: [],
  },
  offers: APPROVAL_OFFERS,
  votes: [{ person: 'boris', for: 'carla', decision: 'approve', assurance: 'twoFactor', at: START }],
  missing: ['1 more with role dr-manager'],
  changed: [],
};

const shown = (card: Card): string => cardLines(card, { program: 'npx muster', now: () => START }).join('\n');

test('a card says what the yes allows, and how old the restore points are', () => {
  const text = shown(CARD);
  expect(text).toContain('Fail over: vro.failover on dr-site/plan/p-1');
  expect(text).toMatch(/erp-db +critical +2 h\n +erp-web +not known/);
});

test('a card says who has answered, in whose place, and how sure that is', () => {
  expect(shown(CARD)).toContain('boris for carla: approve (twoFactor)');
});

test('a card without a drill says that it was never practised', () => {
  expect(shown(CARD)).toContain('It was never practised.');
});

test('muster card shows the card of a gate', async () => {
  const asked: object[] = [];
  const muster = fakeMuster({
    card: async (request) => {
      asked.push(request);
      return CARD;
    },
  });
  const { stdout } = await runMuster(['card', RUN_ID, 'go'], { muster });
  expect([asked, stdout.includes('Fail ERP over now?')]).toEqual([[{ runId: RUN_ID, gate: 'go' }], true]);
});
