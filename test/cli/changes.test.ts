import { expect, test } from 'vitest';
import { plain } from '../../src/cli/output.ts';
import { changeLines } from '../../src/cli/render/changes.ts';
import type { RunView } from '../../src/client/index.ts';
import type { VerifiedVote } from '../../src/model/vote.ts';
import { done, gate, running, START, step, view, waitingStep } from './sample-run.ts';

const changes = (before: RunView | undefined, after: RunView): string[] =>
  changeLines(before, after, { program: 'npx muster', now: START + 65_000 }).map(plain);

test('the first look names the run and what is under way', () => {
  expect(changes(undefined, view([running('ready', 1), step('failover')]))).toEqual([
    'dr-drill-20250131-k7m2qz  drill  exercise, started by anna',
    '+00:00:01  ▸ ready: Step ready: running',
  ]);
});

test('nothing is said twice', () => {
  const same = view([running('ready', 1), waitingStep()], { progress: { ready: { says: 'half' } } });
  expect(changes(same, same)).toEqual([]);
});

test('a window that a step waited for is told when it opens', () => {
  const window = { opensAt: START + 60_000, beginBy: START + 300_000 };
  const waiting = running('switch', 1, {
    window,
    dueAt: START + 60_000,
    reason: 'waits for its window',
  });
  const before = view([waiting]);
  const after = view([running('switch', 1, { window: { ...window, entered: true } })]);
  expect([changes(before, before), changes(before, after)]).toEqual([
    [],
    ['+00:01:05  ▸ switch: Step switch: running'],
  ]);
});

test('an end has its duration and its own time', () => {
  expect(changes(view([running('ready', 1)]), view([done('ready', 1, 31)]))).toEqual([
    '+00:00:31  ✓ ready: Step ready: succeeded (30.0 s)',
  ]);
});

test('progress is a line when it changes', () => {
  const before = view([running('failover', 0)], { progress: { failover: { says: 'group 1 of 3' } } });
  const after = view([running('failover', 0)], { progress: { failover: { says: 'group 2 of 3' } } });
  expect(changes(before, after)).toEqual(['+00:01:05  ▸ failover: group 2 of 3']);
});

test('a gate that opens prints the commands that answer it', () => {
  const lines = changes(view([step('go')]), view([waitingStep()]));
  expect(lines).toContain('+00:01:00      npx muster vote dr-drill-20250131-k7m2qz go --approve --as NAME');
});

test('a vote that counts is a line', () => {
  const vote = { person: 'bert', decision: 'approve', comment: 'go ahead' } as VerifiedVote;
  expect(
    changes(view([waitingStep()]), view([waitingStep('go', { gate: gate({ votes: [vote] }) })])),
  ).toEqual(['+00:01:05  go: bert has answered: approve: go ahead']);
});

test('refused votes are told', () => {
  const steps = [waitingStep()];
  const after = view(steps, { timeline: { refused: { total: 1, latest: [] } } });
  expect(changes(view(steps), after)).toEqual(['+00:01:05  1 vote refused']);
});
