import { connect } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { failOver, send, site } from './support.ts';

test('the application is up only while its plan is failed over', async () => {
  const here = await site();
  const health = async (): Promise<number> =>
    (await send(`${here.sim.urls.app}/apps/ERP/health`, 'GET')).status;
  const seen = [await health()];
  await here.ask('ERP', 'Failover');
  seen.push(await health());
  here.after(480);
  seen.push(await health());
  await here.ask('ERP', 'Undo');
  seen.push(await health());
  expect(seen).toEqual([503, 503, 200, 503]);
});

test('one application is always up', async () => {
  const { sim } = await site();
  expect(await send(`${sim.urls.app}/apps/always/health`, 'GET')).toMatchObject({
    status: 200,
    json: { status: 'ok' },
  });
});

test('the application port accepts TCP', async () => {
  const { sim } = await site();
  const socket = connect(Number(new URL(sim.urls.app).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
  expect(socket.bytesRead).toBe(0);
});

test('the journal can be read and narrowed from outside', async () => {
  const { ask, control } = await site();
  await ask('ERP', 'Disable');
  await ask('CRM', 'Disable');
  expect((await control.call('GET', '/journal?after=1')).json).toMatchObject([{ no: 2, target: 'CRM' }]);
  expect((await control.call('GET', '/journal?target=ERP')).json).toHaveLength(1);
});

test('a request can be held and released from outside', async () => {
  const { ask, control, sim } = await site();
  const fault = { system: 'vro', call: 'POST /Plans/{planId}/Failover', kind: 'hold', when: 'after' };
  const { status, json } = await control.call('POST', '/faults', fault);
  expect(status).toBe(201);
  const asked = ask('ERP', 'Failover');
  await sim.journaled(fault.call);
  expect((await control.call('GET', '/faults')).json).toMatchObject([{ id: json.id, struck: 1 }]);
  await control.call('POST', `/faults/${json.id ?? ''}/release`);
  expect(await asked).toBe(200);
});

test('faults are cleared from outside', async () => {
  const { control, sim } = await site();
  sim.faults.add({ system: 'vro', call: '*', kind: 'drop' });
  expect((await control.call('DELETE', '/faults')).status).toBe(204);
  expect(sim.faults.list()).toEqual([]);
});

test('a bad fault is explained', async () => {
  const { control } = await site();
  expect(await control.call('POST', '/faults', { kind: 'meteor' })).toMatchObject({ status: 400 });
  expect(await control.call('POST', '/faults/fault-9/release')).toMatchObject({ status: 404 });
});

test('the Orchestrator is rebooted from outside', async () => {
  const here = await site();
  await failOver(here, 'ERP');
  await here.control.call('POST', '/reboot', { rewound: true });
  expect(await here.details('ERP')).toMatchObject({ state: 'Ready', executionState: 'NotStarted' });
});

test('a reset brings the world back, but keeps the journal', async () => {
  const here = await site();
  await failOver(here, 'ERP');
  here.sim.faults.add({ kind: 'endWithWarnings', plan: 'CRM' });
  await here.control.call('POST', '/reset');
  expect((await here.control.call('GET', '/world')).json.plans?.[1]).toMatchObject({
    mode: 'Enabled',
    state: 'Ready',
  });
  expect([here.sim.journal.length, here.sim.faults.list()]).toEqual([1, []]);
});

test('the world report holds no recovery token', async () => {
  const { sim, control } = await site();
  const backupIds = sim.world.scenario.vbr.agentBackups.map((backup) => backup.id);
  const { id, recoveryToken } = sim.world.recoveryTokens.issue({
    backupIds,
    expirationDate: '2026-02-01T00:00:00Z',
  });
  const { text } = await control.call('GET', '/world');
  expect(text).toContain(id);
  expect(text).not.toContain(recoveryToken);
});
