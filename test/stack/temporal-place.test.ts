import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { loadConfig, type Config } from '../../src/config/index.ts';
import { examine } from '../../src/stack/doctor/examine.ts';
import { openData } from '../../src/stack/data.ts';
import { musterOn } from '../../src/stack/muster-on.ts';
import { temporalOptions } from '../../src/stack/temporal-place.ts';
import { startWorker, type RunningWorker } from '../../src/stack/worker.ts';
import { logWorkersTo } from '../../src/stack/worker-log.ts';
import { CA, serverTls } from '../veeam/fixtures.ts';
import { containing } from '../veeam/fake-server.ts';
import { fakeTemporal } from './fake-temporal.ts';
import { errorOf, tempFolder } from './helpers.ts';

/** A folder with a muster.yaml that names this Temporal, with the files that it names. */
async function configured(temporal: string): Promise<{ configFile: string; dataDir: string }> {
  const folder = await tempFolder();
  const own = serverTls('wrong-name');
  await Promise.all([
    writeFile(join(folder, 'muster.yaml'), `temporal: ${temporal}\nsignIn: { trustLocal: true }\n`),
    writeFile(join(folder, 'ca.pem'), CA),
    writeFile(join(folder, 'client.pem'), own.cert),
    writeFile(join(folder, 'client.key'), own.key),
    writeFile(join(folder, 'other.key'), serverTls('server').key),
    writeFile(join(folder, 'api-key'), 'key-of-muster\n'),
  ]);
  return { configFile: join(folder, 'muster.yaml'), dataDir: join(folder, 'data') };
}

const whole = (address: string): string =>
  `{ address: '${address}', namespace: dr, apiKey: { file: api-key }, ` +
  'tls: { ca: ca.pem, cert: client.pem, key: client.key, serverName: localhost } }';

/** What every call must have brought with it. */
const PROVEN = { authorization: 'Bearer key-of-muster', serverName: 'localhost', caller: 'vro.example' };

function placeOf({ temporal }: Config) {
  if (temporal === undefined) throw new Error('The configuration names no Temporal.');
  return temporal;
}

test('the commands reach Temporal as muster.yaml says', async () => {
  const { address, calls } = await fakeTemporal();
  const data = await openData(await configured(whole(address)));
  const muster = musterOn(placeOf(data.config), data, {});

  expect(await errorOf(muster.list())).toMatchObject({ code: 'temporal.refused' });
  await muster.close();

  expect(calls).toMatchObject([{ ...PROVEN, name: 'ListWorkflowExecutions' }]);
});

test('the worker reaches Temporal as muster.yaml says', async () => {
  logWorkersTo(join(tmpdir(), `muster-test-workers-${process.pid}.log`));
  const { address, calls } = await fakeTemporal();
  const { keys, ...data } = await openData(await configured(whole(address)));
  const options = {
    ...placeOf(data.config),
    ...data,
    keys: [keys],
    bundlePath: inject('workflowBundlePath'),
  };

  const worker = await startWorker(options).catch((error: unknown) => error);
  if (!(worker instanceof Error)) await (worker as RunningWorker).stop().catch(() => undefined);

  expect(calls[0]).toMatchObject({ ...PROVEN, name: 'GetSystemInfo' });
  expect(calls.every(({ authorization }) => authorization === PROVEN.authorization)).toBe(true);
});

/** What the doctor says of the Temporal of this configuration. */
async function diagnosis(temporal: string) {
  const { configFile, dataDir } = await configured(temporal);
  const config = await loadConfig({ file: configFile, environmentVariables: {} });
  const { own } = await examine(config, { own: { temporal: placeOf(config), dataDir } });
  return own[0];
}

test('the doctor reaches Temporal as muster.yaml says, and tells how', async () => {
  const { address, calls } = await fakeTemporal();

  expect(await diagnosis(whole(address))).toMatchObject({
    level: 'ok',
    says: `${address} answers over TLS with a client certificate and an API key, namespace dr`,
  });
  expect(calls).toMatchObject([{ ...PROVEN, name: 'DescribeNamespace' }]);
});

test('a Temporal that refuses the key is told apart from one that is away', async () => {
  const { address } = await fakeTemporal({ answers: new Set() });

  expect(await diagnosis(whole(address))).toMatchObject({
    level: 'bad',
    says: containing('answers over TLS with a client certificate and an API key, but refuses: not here'),
    now: containing('temporal.apiKey'),
  });
});

test.each([
  ['of an authority that nobody trusts', 'tls: true', 'temporal.tls in muster.yaml says which authority'],
  ['without TLS', 'tls: false', 'say so with temporal.tls'],
])('a Temporal that is asked %s is away, and what to look at is told', async (_, tls, advice) => {
  const { address, calls } = await fakeTemporal();

  expect(await diagnosis(`{ address: '${address}', ${tls} }`)).toMatchObject({
    level: 'bad',
    says: containing('cannot be reached'),
    now: containing(advice),
  });
  expect(calls).toEqual([]);
});

test('a certificate that cannot be read is a line of the doctor', async () => {
  expect(await diagnosis("{ address: 'a:7233', tls: { ca: nowhere.pem } }")).toMatchObject({
    level: 'bad',
    says: containing('nowhere.pem cannot be read'),
  });
});

test.each([
  ['no certificate', '{ ca: api-key }', 'api-key holds no certificate'],
  ['a key of another certificate', '{ cert: client.pem, key: other.key }', 'no certificate and its key'],
])('%s is refused before anything is sent', async (_, tls, reason) => {
  const { configFile } = await configured(`{ address: 'a:7233', tls: ${tls} }`);
  const config = await loadConfig({ file: configFile });

  expect(await errorOf(temporalOptions(placeOf(config), config))).toMatchObject({
    code: 'config.secretUnavailable',
    message: containing(reason),
  });
});

test('a key that is missing stops only what needs Temporal', async () => {
  const temporal = "{ address: 'a:7233', tls: true, apiKey: { file: nowhere } }";
  const data = await openData(await configured(temporal));
  const muster = musterOn(placeOf(data.config), data, {});
  const text = 'apiVersion: muster/v1\nname: rest\nsteps: [{ id: rest, wait: 1s }]\n';

  expect(await muster.validate({ file: 'rest.yaml', text })).toMatchObject({ ok: true });
  expect(await errorOf(muster.list())).toMatchObject({ code: 'config.secretUnavailable' });
});
