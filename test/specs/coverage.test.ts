import { describe, expect, onTestFinished, test } from 'vitest';
import type { Simulator } from '../../src/simulator/index.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import { ONE_OPERATIONS, VBR_OPERATIONS, VRO_OPERATIONS } from '../../src/veeam/index.ts';
import { specOf } from '../support/spec-check.ts';
import { vbrClient, vroClient } from '../veeam/fake-server.ts';
import { oneClient } from '../veeam/one-client.ts';
import { ONE_EXERCISES } from '../veeam/one-exercises.ts';
import { VBR_EXERCISES } from '../veeam/vbr-exercises.ts';
import { VRO_EXERCISES } from '../veeam/vro-exercises.ts';
import type { Listed, Subject } from './coverage.ts';
import { findingsOf, listIn, tableOf } from './coverage.ts';

const WITHOUT = { login: 'Every call logs in when it has to; its exercise is a call of another verb.' };

/** Paths stand below `/api/<version>`; those that begin with `/api/` are whole. */
const versioned = (path: string, version: string) => ({
  path: path.startsWith('/api/') ? path : `/api/${version}${path}`,
});

function vro({ urls: { vro: url } }: Simulator): Subject {
  return {
    name: 'VRO',
    listed: listIn('vro-operations.json') as readonly Listed[],
    table: VRO_OPERATIONS,
    client: vroClient(url),
    without: WITHOUT,
    exercises: VRO_EXERCISES,
    version: 'v7.21',
    wire: versioned,
    url,
  };
}

function vbr({ urls: { vbr: url } }: Simulator): Subject {
  return {
    name: 'VBR',
    listed: specOf('vbr-1.2-rev1').operations,
    table: VBR_OPERATIONS,
    client: vbrClient(url, { apiVersion: '1.2-rev1' }),
    without: WITHOUT,
    exercises: VBR_EXERCISES,
    version: '1.2-rev1',
    wire: (path, version) => ({ path, headers: { 'x-api-version': version } }),
    url,
  };
}

function one({ urls: { one: url } }: Simulator): Subject {
  return {
    name: 'Veeam ONE',
    listed: specOf('one-2.3').operations.map(({ method, path }) => ({
      method,
      path: path.replace(/^\/api\/v2\.3(?=\/)/, ''),
    })),
    table: ONE_OPERATIONS,
    client: oneClient(url),
    without: WITHOUT,
    exercises: ONE_EXERCISES,
    version: 'v2.3',
    wire: versioned,
    url,
  };
}

async function simulated(): Promise<Simulator> {
  const simulator = await startSimulator();
  onTestFinished(() => simulator.close());
  return simulator;
}

const SERVERS = { VRO: vro, VBR: vbr, 'Veeam ONE': one };

test('every operation has a verb, a route in each of its versions, and a test', async () => {
  const simulator = await simulated();
  const found = await Promise.all(
    Object.entries(SERVERS).map(async ([name, of]) => [name, await findingsOf(of(simulator))] as const),
  );

  const missing = found.flatMap(([, findings]) => findings.filter((finding) => finding.missing.length > 0));
  expect(missing, `0 missing expected\n${tableOf(Object.fromEntries(found))}`).toEqual([]);
});

describe.each(Object.entries(SERVERS))('what is missing of %s', (_, of) => {
  const NOWHERE: Listed = { method: 'GET', path: '/api/nowhere/{id}' };

  test('is noticed when the documents name more', async () => {
    const subject = of(await simulated());

    expect(await findingsOf({ ...subject, listed: [NOWHERE], table: {} })).toEqual([
      {
        call: 'GET /api/nowhere/{id}',
        verb: undefined,
        missing: ['client verb', 'simulator route', 'test'],
      },
    ]);
  });

  test('is noticed when a verb has no method and no exercise', async () => {
    const subject = of(await simulated());
    const missing = await findingsOf({ ...subject, client: {}, exercises: {} });
    const login = missing.find(({ verb }) => verb === 'login');

    expect(missing.filter((finding) => finding.missing.join() === 'client verb,test')).toHaveLength(
      missing.length - 1,
    );
    expect(login?.missing).toEqual(['test']);
  });
});

test('the counts are told in a table', async () => {
  const findings = await findingsOf({ ...vbr(await simulated()), exercises: {} });

  expect(tableOf({ VBR: findings }).split('\n').slice(0, 3)).toEqual([
    'server      operations  verbs       routes      tests',
    `VBR         ${String(findings.length).padEnd(12).repeat(3)}0`,
    'VBR: GET /api/v1/serverTime has no test',
  ]);
});
