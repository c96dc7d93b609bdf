import { expect, test } from 'vitest';
import { picture } from '../../src/cli/render/tree.ts';
import { plain } from '../../src/cli/output.ts';
import type { RunView } from '../../src/client/index.ts';
import { done, gate, haltedStep, running, START, step, view, waitingStep } from './sample-run.ts';

const draw = (shown: RunView, over: { rows?: number; columns?: number } = {}): string =>
  plain(picture(shown, { program: 'npx muster', now: START + 180_000, ...over }).join('\n'));

test('a running run is a tree with progress, times and its parts', () => {
  const steps = [
    done('ready', 0, 30, { title: 'Ready?' }),
    running('failover', 30, { title: 'Fail over' }),
    step('checks', { title: 'Checks', kind: 'parallel' }),
    step('checks/web', { title: 'Web' }),
    step('cleanup/undo', { title: 'Undo' }),
  ];
  expect(draw(view(steps, { progress: { failover: { says: 'group 2 of 3', percent: 45.4 } } }))).toBe(
    `A drill of ERP
✓ Ready?  30.0 s
▸ Fail over  2 m 30 s  group 2 of 3, 45 %
· Checks
  · Web
Cleanup
  · Undo

dr-drill-20250131-k7m2qz  drill  exercise, started by anna  3 m`,
  );
});

test('a step that waits for its window says when it opens', () => {
  const waiting = running('switch', 30, {
    title: 'Switch back',
    window: { opensAt: START + 240_000, beginBy: START + 300_000 },
    dueAt: START + 240_000,
    reason: 'waits for its window, from 22:00 to 04:00 Europe/Berlin',
  });
  expect(draw(view([waiting]))).toContain(
    '▸ Switch back  2 m 30 s  waits for its window, from 22:00 to 04:00 Europe/Berlin, 1 m to go',
  );
});

test('an open approval says who is missing and which commands answer it', () => {
  const steps = [waitingStep('go', { dueAt: START + 240_000 })];
  expect(draw(view(steps, { state: 'waiting' }))).toBe(
    `A drill of ERP
? Go?  2 m  waits for people

? Fail ERP over now?  (go)
  Time left: 1 m.
  Who may answer: 1 person with role dr-manager, but not anna, who started the run.
  Still missing: 1 more with role dr-manager.
  A yes allows: failover = vro.failover on dr-site/plan/ERP
    npx muster vote dr-drill-20250131-k7m2qz go --approve --as NAME
        Yes: go on with what this covers.
    npx muster vote dr-drill-20250131-k7m2qz go --reject --comment "why" --as NAME
        No: end the run here.

dr-drill-20250131-k7m2qz  drill  exercise, started by anna  3 m`,
  );
});

test('a halted plan shows the failing VM and how to go on', () => {
  const text = draw(view([haltedStep()], { state: 'waiting' }));
  expect(text).toContain(
    `  vro.planHalted: The plan ERP halted in group Databases.
    erp-db (critical) in Databases, step “Start VM”: No space on datastore DS1.
    … and 2 more`,
  );
  expect(text).toContain(
    `    npx muster decide dr-drill-20250131-k7m2qz failover --continue retry-failed-step --as NAME
        VRO tries the failed step again.`,
  );
});

test('what is not possible at a gate says why', () => {
  expect(draw(view([haltedStep()]))).toContain(
    'Not possible now: retry. The plan is halted: choose how VRO goes on with it.',
  );
});

test('a gate whose time is over says that it stays open', () => {
  const steps = [waitingStep('go', { gate: gate({ overdue: true }) })];
  expect(draw(view(steps))).toContain('Its time is over; it stays open.');
});

test('a live run is marked loudly', () => {
  const shown = view([running('failover', 0)]);
  const live: RunView = {
    ...shown,
    timeline: { ...shown.timeline, run: { ...shown.timeline.run, mode: 'live' } },
  };
  expect(draw(live)).toContain('dr-drill-20250131-k7m2qz   LIVE   exercise');
});

test('refused votes and a cancellation are in the footer', () => {
  const shown = view([running('undo', 0)], {
    timeline: {
      refused: { total: 2, latest: [] },
      cancelled: { by: 'bert', at: START, reason: 'wrong plan' },
    },
  });
  expect(draw(shown)).toContain('cancelled by bert: wrong plan  2 votes refused');
});

test('a tree that is taller than the terminal counts what needs no attention', () => {
  const steps = [
    ...Array.from({ length: 30 }, (_, index) => done(`a${index}`, 0, 1)),
    running('now', 1, { title: 'Now' }),
    ...Array.from({ length: 20 }, (_, index) => step(`z${index}`)),
  ];
  expect(draw(view(steps), { rows: 24 })).toContain(
    `✓ 30 done
▸ Now  2 m 59 s
· 20 to come`,
  );
});

test('long titles are cut to the width of the terminal', () => {
  const lines = draw(view([running('a', 0, { title: '国'.repeat(60) })]), { columns: 40 }).split('\n');
  expect(lines[1]).toBe(`▸ ${'国'.repeat(18)}…`);
});
