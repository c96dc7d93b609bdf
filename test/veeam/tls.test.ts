import { expect, test } from 'vitest';
import type { TlsOptions } from '../../src/veeam/index.ts';
import { containing, failureOf, fakeVeeam, tokenEndpoint, vroClient } from './fake-server.ts';
import type { ServerTls } from './fake-server.ts';
import { CA, OTHER_CA, pin, SAME_NAME_CA, serverTls } from './fixtures.ts';
import { PLAN_DETAILS, PLAN_ID } from './samples.ts';

const server = serverTls('server');
const selfSigned = serverTls('self-signed');

const listen = (tls: ServerTls) => fakeVeeam(() => ({ json: PLAN_DETAILS }), tokenEndpoint().handler, tls);

/** What a read comes to, and how much the server heard of it. */
async function outcome(tls: ServerTls, options: TlsOptions | undefined) {
  const listening = await listen(tls);
  const vro = vroClient(listening.url, { tls: options });
  const result = await vro.runtimeDetails.plan(PLAN_ID).catch((error: unknown) => error);
  return { result, host: new URL(listening.url).host, requests: listening.seen.length };
}

const hex = (text: string) => Buffer.from(text.slice('sha256/'.length), 'base64').toString('hex');

test.each<[string, ServerTls, TlsOptions | undefined, string]>([
  ['a self-signed certificate', selfSigned, undefined, 'signed by itself'],
  ['an expired certificate', serverTls('expired'), { ca: CA }, 'has expired'],
  ['a certificate for another name', serverTls('wrong-name'), { ca: CA }, 'for another name'],
  ['an unknown issuer', server, { ca: OTHER_CA }, 'issuer of its certificate is not trusted'],
  ['no issuer of the system', server, undefined, 'issuer of its certificate is not trusted'],
  ['another key than the pinned one', server, { ca: CA, pins: [pin(OTHER_CA)] }, 'pinned key'],
  ['a pinned key without trust', selfSigned, { pins: [pin(selfSigned.cert)] }, 'signed by itself'],
])('%s is refused with the reason and the pin', async (_, tls, options, reason) => {
  const { result, host, requests } = await outcome(tls, options);

  expect(result).toMatchObject({ code: 'veeam.tls', effect: 'none', message: containing(reason) });
  expect(result).toMatchObject({ message: containing(`${host}: `) });
  expect(result).toMatchObject({ message: containing(pin(tls.cert)) });
  expect(requests).toBe(0);
});

test.each<[string, ServerTls, TlsOptions]>([
  ['its issuer is given', server, { ca: CA }],
  ['one of several issuers is its own', server, { ca: [OTHER_CA, CA] }],
  ['it is given itself, though self-signed', selfSigned, { ca: selfSigned.cert }],
  ['its key is pinned', server, { ca: CA, pins: [pin(OTHER_CA), pin(server.cert)] }],
  ['its key is pinned in hex', server, { ca: CA, pins: [hex(pin(server.cert))] }],
  ['the key of its issuer is pinned', server, { ca: CA, pins: [pin(CA)] }],
  ['it is self-signed, given and pinned', selfSigned, { ca: selfSigned.cert, pins: [pin(selfSigned.cert)] }],
])('a server is trusted when %s', async (_, tls, options) => {
  expect((await outcome(tls, options)).result).toMatchObject({ id: PLAN_ID });
});

test.each([
  ['another name', OTHER_CA],
  ['the name of the issuer, but not its key,', SAME_NAME_CA],
])('a certificate with %s that is only sent along satisfies no pin', async (_, alien) => {
  const { result } = await outcome({ ...server, cert: server.cert + alien }, { ca: CA, pins: [pin(alien)] });

  expect(result).toMatchObject({ code: 'veeam.tls' });
});

test('a command is refused before its fence', async () => {
  const { url } = await listen(selfSigned);
  let asked = 0;

  const error = await failureOf(vroClient(url).undo(PLAN_ID, { beforeSend: () => void (asked += 1) }));

  expect(error).toMatchObject({ code: 'veeam.tls', effect: 'none' });
  expect(asked).toBe(0);
});

test('the connection of a command is held to the pins, also after reads', async () => {
  const listening = await listen(server);
  const good = vroClient(listening.url, { tls: { ca: CA, pins: [pin(server.cert)] } });
  await good.runtimeDetails.plan(PLAN_ID);

  expect(await good.undo(PLAN_ID)).toMatchObject({ status: 200 });
  expect(await good.undo(PLAN_ID)).toMatchObject({ status: 200 });
});

test('a server that speaks plain HTTP is told from one that is away', async () => {
  const plain = await fakeVeeam(() => ({}));

  expect(await failureOf(vroClient(plain.url.replace('http:', 'https:')).plan(PLAN_ID))).toMatchObject({
    code: 'veeam.tls',
    message: containing('Check the scheme and the port'),
  });
});

test.each<[string, string, TlsOptions, string]>([
  ['a pin that is none', 'https://vro.example', { pins: ['sha256/abc'] }, 'tls.pins'],
  ['a pin without TLS', 'http://vro.example', { pins: [pin(CA)] }, 'tls.pins'],
  ['a ca that is no certificate', 'https://vro.example', { ca: 'secret text' }, 'tls.ca'],
  ['an empty list of ca', 'https://vro.example', { ca: [] }, 'tls.ca'],
])('%s is refused at once', (_, url, tls, option) => {
  const configure = () => vroClient(url, { tls });

  expect(configure).toThrow(option);
  expect(configure).not.toThrow('secret text');
});
