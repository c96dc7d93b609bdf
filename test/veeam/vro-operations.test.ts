import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { VRO_API_VERSIONS, VRO_OPERATIONS } from '../../src/veeam/index.ts';
import type { VroApiVersion, VroVerb } from '../../src/veeam/index.ts';
import { failureOf, fakeVeeam, vroClient } from './fake-server.ts';
import { VRO_EXERCISES } from './vro-exercises.ts';

const PLAN = '35818d71-45c7-4094-858b-efcce1d73e2c';
const RUNTIME = {
  id: PLAN,
  name: 'ERP',
  executionState: 'Completed',
  state: 'Ready',
  isRunningState: false,
  isStableState: true,
};

const exercises = Object.entries(VRO_EXERCISES);
const operations = Object.entries(VRO_OPERATIONS);

test.each(exercises)(
  '%s is sent as the vendor names it',
  async (_, { call, sent, body, answer = RUNTIME }) => {
    const server = await fakeVeeam(({ method }) =>
      method === 'DELETE' ? { status: 204 } : { json: answer },
    );

    await call(vroClient(server.url));

    const arrived = server.seen.find(
      ({ method, path, query }) =>
        `${method} ${path}${query.size === 0 ? '' : `?${query.toString()}`}` === sent,
    );
    const json: unknown =
      arrived?.headers['content-type'] === 'application/json' ? JSON.parse(arrived.body) : {};
    expect(arrived).toBeDefined();
    expect(json).toEqual(body ?? {});
  },
);

test("every operation of the vendor's list is in the table, and no other", async () => {
  const file = new URL('../specs/vro-operations.json', import.meta.url);
  const listed = JSON.parse(await readFile(file, 'utf8')) as { method: string; path: string }[];
  const routes = (all: readonly { method: string; path: string }[]) =>
    all.map(({ method, path }) => `${method} ${path}`).sort();

  expect(routes(operations.map(([, operation]) => operation))).toEqual(routes(listed));
});

test('every verb but the login is a method of the client', async () => {
  const server = await fakeVeeam(() => ({}));
  const vro: unknown = vroClient(server.url);
  const missing = operations
    .map(([verb]) => verb)
    .filter((verb) => {
      const method = verb
        .split('.')
        .reduce((holder, name) => (holder as Readonly<Record<string, unknown>>)[name], vro);
      return typeof method !== 'function';
    });

  expect(missing).toEqual(['login']);
});

const LACKING = operations.flatMap(([verb, { versions }]) =>
  VRO_API_VERSIONS.filter((version) => !(versions as readonly string[]).includes(version)).map(
    (version): [VroVerb, VroApiVersion] => [verb as VroVerb, version],
  ),
);

test.each(LACKING)('%s is refused in %s and nothing is sent', async (verb, apiVersion) => {
  const server = await fakeVeeam(() => ({}));
  const error = await failureOf(VRO_EXERCISES[verb].call(vroClient(server.url, { apiVersion })));

  expect(error).toMatchObject({ code: 'veeam.badInput', effect: 'none' });
  expect(server.seen).toEqual([]);
});
