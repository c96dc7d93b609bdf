import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { Agent, fetch } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import type { Simulator, SimulatorOptions } from '../../src/simulator/index.ts';
import { SIMULATOR_CA_PATH, startSimulator } from '../../src/simulator/index.ts';

async function secured(options: SimulatorOptions = {}): Promise<Simulator> {
  const sim = await startSimulator({ tls: true, ...options });
  onTestFinished(() => sim.close());
  return sim;
}

/** The status of a login at VRO, from a client that trusts this CA. */
async function logIn(url: string, ca: string | undefined): Promise<number> {
  const dispatcher = new Agent({ connect: ca === undefined ? {} : { ca } });
  onTestFinished(() => dispatcher.close());
  const body = new URLSearchParams({
    grant_type: 'password',
    username: 'administrator',
    password: 'Password1',
  });
  const response = await fetch(`${url}/api/token`, { method: 'POST', body, dispatcher });
  await response.text();
  return response.status;
}

test('without TLS there is no CA', async () => {
  const sim = await startSimulator();
  onTestFinished(() => sim.close());
  expect([sim.tls, new URL(sim.urls.one).protocol]).toEqual([undefined, 'http:']);
});

test('the three Veeam servers speak HTTPS, the others do not', async () => {
  const { urls } = await secured();
  const protocols = Object.fromEntries(
    Object.entries(urls).map(([name, url]) => [name, new URL(url).protocol]),
  );
  const https = 'https:';
  expect(protocols).toEqual({ vro: https, vbr: https, one: https, app: 'http:', control: 'http:' });
});

test.each(['vro', 'one'] as const)('a client that trusts the CA can log in at %s', async (name) => {
  const { urls, tls } = await secured();
  expect(await logIn(urls[name], tls?.ca)).toBe(200);
});

test('a client that does not trust the CA refuses', async () => {
  const { urls } = await secured();
  await expect(logIn(urls.vro, undefined)).rejects.toMatchObject({
    cause: { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
  });
});

test('the CA also lies in a file', async () => {
  const { tls } = await secured();
  expect(readFileSync(SIMULATOR_CA_PATH, 'utf8')).toBe(tls?.ca);
});

test.each(['localhost', '127.0.0.1', '::1'])('the certificate is good for %s and for long', async (name) => {
  const { urls, tls } = await secured();
  const socket = connect({ port: Number(new URL(urls.vbr).port), host: '127.0.0.1', ca: tls?.ca });
  await once(socket, 'secureConnect');
  const certificate = new X509Certificate(socket.getPeerCertificate().raw);
  socket.destroy();
  expect(name === 'localhost' ? certificate.checkHost(name) : certificate.checkIP(name)).toBe(name);
  expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.parse('2100-01-01'));
});

test('an own certificate may be given', async () => {
  const { cert, key } = selfSigned();
  const { urls, tls } = await secured({ tls: { cert, key } });
  expect(tls).toEqual({ ca: undefined });
  await expect(logIn(urls.one, undefined)).rejects.toMatchObject({
    cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
  });
  expect(await logIn(urls.one, cert)).toBe(200);
});

test('a taken port is told, or gives way', async () => {
  const { urls } = await secured();
  const ports = { vro: Number(new URL(urls.vro).port) };
  await expect(startSimulator({ tls: true, ports })).rejects.toMatchObject({ code: 'PORT_TAKEN' });
  const other = await secured({ ports, fallback: true });
  expect(other.urls.vro).not.toBe(urls.vro);
});

test('faults strike under TLS as well', async () => {
  const { urls, tls, faults } = await secured();
  faults.add({ system: 'vro', call: 'POST /api/token', kind: 'drop' });
  await expect(logIn(urls.vro, tls?.ca)).rejects.toThrow('fetch failed');
  expect(await logIn(urls.vro, tls?.ca)).toBe(200);
});

test('closing ends open connections', async () => {
  const sim = await secured();
  const { port } = new URL(sim.urls.vro);
  const socket = connect({ port: Number(port), host: '127.0.0.1', ca: sim.tls?.ca });
  await once(socket, 'secureConnect');
  const closed = once(socket.resume(), 'close');
  await Promise.all([closed, sim.close()]);
  const again = connectTcp(Number(port), '127.0.0.1');
  const [error] = (await once(again, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNREFUSED');
});

/** A self-signed certificate for 127.0.0.1, made now. */
function selfSigned(): { cert: string; key: string } {
  const dir = mkdtempSync(join(tmpdir(), 'muster-tls-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
  const names = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', ['req', ...kind, '-keyout', key, '-out', cert, ...names], { stdio: 'ignore' });
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}
