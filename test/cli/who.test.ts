import { expect, test } from 'vitest';
import type { InboxGate, PersonNow } from '../../src/client/index.ts';
import { fakeMuster } from './fake-muster.ts';
import { runMuster } from './run-muster.ts';
import { RUN_ID, START } from './sample-run.ts';

const NOW = START + 60_000;
const HOUR = 3_600_000;

function gate(over: Partial<InboxGate>): InboxGate {
  const where = { runId: RUN_ID, runbook: 'dr-drill', gate: 'go', kind: 'approval' } as const;
  return { ...where, title: 'Fail over now?', openedAt: START, isMine: false, ...over };
}

test('the inbox shows what waits for me first, and how long is left', async () => {
  const inbox = async () => [
    gate({ gate: 'theirs' }),
    gate({ gate: 'mine', isMine: true, dueAt: NOW + HOUR }),
    gate({ gate: 'late', isMine: true, dueAt: START }),
  ];
  const { stdout } = await runMuster(['inbox', '--as', 'carla'], { muster: fakeMuster({ inbox }) });
  expect(stdout).toMatch(/you +\S+ +mine +approval +1 m +1 h +Fail[^]+you +\S+ +late[^]+overdue[^]+theirs/);
  expect(stdout).toContain(`npx muster show ${RUN_ID}`);
});

test('what a runbook says in a gate cannot reach the terminal as control characters', async () => {
  const inbox = async () => [gate({ title: 'x\u001b]0;y\u0007' })];
  const { stdout } = await runMuster(['inbox'], { muster: fakeMuster({ inbox }) });
  expect(stdout).not.toMatch(/[\u001b\u0007]/);
});

test('whoami says how somebody is known, and as what', async () => {
  const { stdout } = await runMuster(['whoami', '--as', 'anna']);
  expect(stdout).toBe('anna (anna)\n  came in: by name alone; nothing was checked\n  roles:   operator\n');
});

test('an answer is taken back, or given in the place of somebody', async () => {
  const muster = fakeMuster();
  await runMuster(['vote', RUN_ID, 'go', '--withdraw', '--as', 'boris'], { muster });
  const { stdout } = await runMuster(['vote', RUN_ID, 'go', '--approve', '--for', 'carla', '--as', 'boris'], {
    muster,
  });
  expect(muster.calls.filter(([call]) => call === 'vote')).toEqual([
    ['vote', { runId: RUN_ID, gate: 'go', decision: 'withdraw', person: 'boris' }],
    ['vote', { runId: RUN_ID, gate: 'go', decision: 'approve', for: 'carla', person: 'boris' }],
  ]);
  expect(stdout).toBe('Counted: boris says approve for carla at go.\n');
});

test.each([
  ['answer', ['answer', RUN_ID, 'count', 'done']],
  ['decide', ['decide', RUN_ID, 'look', '--retry']],
])('%s can be done in the place of somebody', async (_what, args) => {
  const muster = fakeMuster();
  await runMuster([...args, '--for', 'carla', '--as', 'boris'], { muster });
  expect(muster.calls[0]?.[1]).toMatchObject({ for: 'carla', person: 'boris' });
});

test('a delegation says to whom, until when and why', async () => {
  const muster = fakeMuster();
  const args = ['delegate', 'boris', '--until', '8h', '--reason', 'on leave', '--as', 'carla'];
  const { stdout } = await runMuster(args, { muster });
  expect(muster.calls).toContainEqual([
    'delegate',
    { to: 'boris', until: NOW + 8 * HOUR, reason: 'on leave', person: 'carla' },
  ]);
  expect(stdout).toBe(
    'boris stands in for carla until 2025-01-31 11:01:00Z (dl-1a2b3c4d).\nEnd it: npx muster delegate --end dl-1a2b3c4d\n',
  );
});

test('delegations are listed and ended', async () => {
  const muster = fakeMuster();
  const listed = await runMuster(['delegate', '--list', '--as', 'carla'], { muster });
  await runMuster(['delegate', '--end', 'dl-1', '--as', 'carla'], { muster });
  expect(listed.stdout).toMatch(/dl-1a2b3c4d +carla +boris +\S+ \S+Z +\S+ \S+Z +on leave/);
  expect(muster.calls).toContainEqual(['undelegate', { id: 'dl-1', person: 'carla' }]);
});

test.each([
  ['to nobody', []],
  ['without an end', ['boris', '--reason', 'x']],
  ['without a reason', ['boris', '--until', '8h']],
  ['and a list at once', ['boris', '--list']],
])('a delegation %s is bad input', async (_what, args) => {
  const muster = fakeMuster();
  const { code } = await runMuster(['delegate', ...args, '--as', 'carla'], { muster });
  expect([code, muster.calls.filter(([call]) => call === 'delegate')]).toEqual([2, []]);
});

test('people are listed with their roles, and who is revoked', async () => {
  const anna: PersonNow = {
    id: 'anna',
    name: 'Anna Berg',
    kind: 'person',
    grants: [{ role: 'operator' }, { role: 'dr-manager', runbooks: 'erp-*' }],
  };
  const gone = { ...anna, id: 'bert', grants: [], revoked: { by: 'ada', reason: 'left', at: START } };
  const muster = fakeMuster();
  const list = async () => [anna, gone];
  const { stdout } = await runMuster(['people', '--as', 'ada'], {
    muster: { ...muster, people: { ...muster.people, list } },
  });
  expect(stdout).toMatch(/anna +Anna Berg +person +operator, dr-manager \(erp-\*\)/);
  expect(stdout).toMatch(/bert +Anna Berg +person +revoked by ada, 2025-01-31 03:00:00Z: left/);
});

test('somebody is revoked with a reason, and let in again', async () => {
  const muster = fakeMuster();
  const without = await runMuster(['people', 'revoke', 'bert', '--as', 'ada'], { muster });
  await runMuster(['people', 'revoke', 'bert', '--reason', 'left', '--as', 'ada'], { muster });
  await runMuster(['people', 'reinstate', 'bert', '--as', 'ada', '--json'], { muster });
  expect(without.code).toBe(2);
  expect(muster.calls.filter(([call]) => call.startsWith('people.'))).toEqual([
    ['people.revoke', { person: 'bert', reason: 'left' }],
    ['people.reinstate', { person: 'bert' }],
  ]);
});

test('a token is made for what is named, and shown', async () => {
  const muster = fakeMuster();
  const args = ['token', 'create', '--name', 'status page', '--actions', 'run.list, run.show'];
  const { code, stdout } = await runMuster([...args, '--runbooks', 'erp-*', '--expires', '30d'], {
    muster,
    person: 'anna',
  });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^mst_shown-once\n[^]+shown this once/);
  expect(muster.calls).toContainEqual([
    'tokens.make',
    {
      note: 'status page',
      scope: { actions: ['run.list', 'run.show'], runbooks: 'erp-*' },
      validMs: 30 * 24 * HOUR,
    },
  ]);
});

test('tokens are listed and revoked', async () => {
  const muster = fakeMuster();
  await runMuster(['token', 'list', '--all'], { muster, person: 'ada' });
  await runMuster(['token', 'revoke', 'a1'], { muster, person: 'ada' });
  expect(muster.calls.filter(([call]) => call.startsWith('tokens.'))).toEqual([
    ['tokens.list', { everybody: true }],
    ['tokens.end', { id: 'a1' }],
  ]);
});

test('answers that did not count are shown with their reason', async () => {
  const latest = [{ id: 'v', at: START, refusal: 'otherGate', gate: 'go', claimedPerson: 'bert' }] as const;
  const refusals = async () => ({ total: 5_000, latest });
  const { stdout } = await runMuster(['refusals', RUN_ID, '--as', 'anna'], {
    muster: fakeMuster({ refusals }),
  });
  expect(stdout).toMatch(/go +bert +It was given to an earlier opening of this gate\. \(otherGate\)/);
  expect(stdout).toContain('The newest 1 of 5000.');
});

test('a password is hashed as muster.yaml has it', async () => {
  const { stdout } = await runMuster(['password'], { typed: 'correct horse battery\n' });
  expect(stdout).toBe("password: { scrypt: '$scrypt$' }\n");
});

test('what somebody may not do is bad input', async () => {
  const refused = Object.assign(new Error('anna may not end a freeze.'), { code: 'identity.notAllowed' });
  const muster = fakeMuster({ unfreeze: () => Promise.reject(refused) });
  const { code, stderr } = await runMuster(['unfreeze', '--as', 'anna'], { muster });
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: 'error anna may not end a freeze. (identity.notAllowed)\n',
  });
});
