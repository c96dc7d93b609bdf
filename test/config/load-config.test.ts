import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ConfigError } from '../../src/config/index.ts';
import { loadConfig } from '../../src/config/index.ts';
import { configLoader } from './load.ts';

const simulatorUrls = {
  vro: 'http://127.0.0.1:9898',
  vbr: 'http://127.0.0.1:9419',
  one: 'http://127.0.0.1:1239',
  app: 'http://127.0.0.1:8080',
};
const { folder, load, problemsOf } = await configLoader({
  environmentVariables: { DR_SITE_PASSWORD: 'from-env' },
  simulatorUrls,
});

const REAL = `
connections:
  dr-site:
    kind: vro
    url: https://vro.example:9898
    credentials: { username: svc, password: { env: DR_SITE_PASSWORD } }
    poll: 10s
`;

describe('what ships', () => {
  it('points every connection to the simulator', async () => {
    const config = await loadConfig({ file: 'muster.yaml', environmentVariables: {}, simulatorUrls });
    expect([...config.connections.values()]).toEqual([
      {
        name: 'dr-site',
        kind: 'vro',
        isSimulator: true,
        url: simulatorUrls.vro,
        apiVersion: 'v7.21',
        credentials: { username: 'administrator', password: { wellKnown: 'simulator' } },
        pollMs: 250,
        effectLagMs: 1_000,
      },
      expect.objectContaining({
        name: 'dr-backup',
        kind: 'vbr',
        url: simulatorUrls.vbr,
        apiVersion: '1.1-rev1',
      }),
      expect.objectContaining({ name: 'hq', kind: 'one', url: simulatorUrls.one, apiVersion: 'v2.3' }),
    ]);
    expect(config.checks.allow).toEqual([{ host: '127.0.0.1', port: 8080 }]);
  });

  it('knows people by id, with their roles', async () => {
    const { people } = await loadConfig({ file: 'muster.yaml', environmentVariables: {} });
    expect(people.get('emil')).toEqual({
      id: 'emil',
      name: 'Emil Sand',
      kind: 'person',
      grants: [{ role: 'operator' }, { role: 'dr-manager' }],
      roles: ['operator', 'dr-manager'],
    });
  });

  it('loads without a simulator, for commands that only need names', async () => {
    const config = await loadConfig({ file: 'muster.yaml', environmentVariables: {} });
    expect(config.connections.get('dr-site')?.url).toBe('http://simulator.invalid');
    expect(config.checks.allow).toEqual([]);
  });
});

describe('a good configuration', () => {
  it('keeps references to secrets, and reads them when asked', async () => {
    const config = await load(REAL);
    const credentials = config.connections.get('dr-site')?.credentials;
    expect(credentials).toEqual({ username: 'svc', password: { env: 'DR_SITE_PASSWORD' } });
    expect(await config.secretOf({ env: 'DR_SITE_PASSWORD' })).toBe('from-env');
  });

  it('reads durations and fills in what is left out', async () => {
    expect((await load(REAL)).connections.get('dr-site')).toMatchObject({
      pollMs: 10_000,
      effectLagMs: 30_000,
    });
  });

  it('is frozen', async () => {
    const config = await load(REAL);
    expect(
      [config, config.drill, config.drill.allow, config.connections.get('dr-site')].every(Object.isFrozen),
    ).toBe(true);
  });

  it('reads a host alone as its web ports', async () => {
    const { checks } = await load('checks: { allow: [ERP.example, "10.1.2.3:5432", "[::1]:53"] }');
    expect(checks.allow).toEqual([
      { host: 'erp.example', port: 80 },
      { host: 'erp.example', port: 443 },
      { host: '10.1.2.3', port: 5432 },
      { host: '::1', port: 53 },
    ]);
  });

  it('finds files beside itself', async () => {
    const { temporal, secrets } = await load(`
temporal: { address: 'temporal.example:7233', tls: { ca: ca.pem, serverName: front.example }, apiKey: { file: key } }
secrets:
  key: [{ env: SEALING_KEY }, { file: old.key }]
  vault: { url: 'https://vault.example:8200', token: { file: vault.token }, ca: ca.pem }
  recoveryTokens: { folder: tokens }`);
    expect(temporal).toEqual({
      address: 'temporal.example:7233',
      namespace: 'default',
      tls: { ca: join(folder, 'ca.pem'), serverName: 'front.example' },
      apiKey: { file: join(folder, 'key') },
    });
    expect(secrets).toEqual({
      keys: [{ env: 'SEALING_KEY' }, { file: join(folder, 'old.key') }],
      reveals: 3,
      vault: {
        url: 'https://vault.example:8200',
        mount: 'secret',
        path: 'muster',
        token: { file: join(folder, 'vault.token') },
        ca: [join(folder, 'ca.pem')],
      },
      folderBefore: join(folder, 'tokens'),
    });
  });

  it('may be empty', async () => {
    expect((await load('# nothing yet\n')).connections.size).toBe(0);
  });
});

describe('a bad configuration', () => {
  it('is answered with all its problems at once, each with its line', async () => {
    const yaml = `
connections:
  dr-site: { kind: vro, url: ftp://vro.example, apiVersion: v7.21, credential: {} }
people:
  Anna: { name: Anna Berg, roles: [] }
drill:
  allow: [elsewhere/plan/ERP, ERP]
chekcs: {}
`;
    const error = await load(yaml).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'ConfigError', code: 'config.invalid' });
    const problems = (error as ConfigError).problems.map(({ path, line }) => `${line ?? '?'} ${path}`);
    expect(problems.sort()).toEqual([
      '3 connections.dr-site.credential',
      '3 connections.dr-site.credentials',
      '3 connections.dr-site.url',
      '5 people.Anna',
      '7 drill.allow.0',
      '7 drill.allow.1',
      '8 chekcs',
    ]);
  });

  it('may not hold a password, and is not quoted', async () => {
    const [problem, ...others] = await problemsOf(REAL.replace('{ env: DR_SITE_PASSWORD }', 'hunter2'));
    expect(others).toEqual([]);
    expect(problem).toBe(
      'connections.dr-site.credentials.password: no secret stands in this file; write { env: NAME } or { file: PATH }.',
    );
  });

  it('may not hold a key of sealed secrets either', async () => {
    expect(await problemsOf(`secrets: { key: ${'ab'.repeat(32)} }`)).toEqual([
      'secrets.key: no secret stands in this file; write { env: NAME } or { file: PATH }, or a list of them, the newest key first.',
    ]);
  });

  it.each([
    ['in clear text', "{ url: 'http://vault.example', token: { env: T } }", 'secrets.vault.url'],
    [
      'at a path that leads elsewhere',
      "{ url: 'https://v', token: { env: T }, path: a/../b }",
      'secrets.vault.path',
    ],
    ['without a token', "{ url: 'https://v' }", 'secrets.vault.token'],
  ])('is one of a Vault %s', async (_what, vault, path) => {
    expect((await problemsOf(`secrets: { vault: ${vault} }`))[0]).toMatch(new RegExp(`^${path}: `));
  });

  it.each([
    [
      'a password in the address',
      REAL.replace('https://', 'https://svc:hunter2@'),
      'connections.dr-site.url',
    ],
    ['a password sent in clear text', REAL.replace('https://', 'http://'), 'connections.dr-site.url'],
    [
      'a real server without credentials',
      REAL.replace(/ {4}credentials.*\n/, ''),
      'connections.dr-site.credentials',
    ],
    [
      'half of two kinds of credentials',
      REAL.replace('username', 'clientId'),
      'connections.dr-site.credentials',
    ],
    [
      'a version of the other product',
      REAL.replace('poll: 10s', 'apiVersion: 1.1-rev1'),
      'connections.dr-site.apiVersion',
    ],
    ['a duration without unit', REAL.replace('10s', '10'), 'connections.dr-site.poll'],
    ['a wildcard among the checked hosts', 'checks: { allow: ["*.example"] }', 'checks.allow.0'],
    ['a port that does not exist', 'checks: { allow: ["erp.example:70000"] }', 'checks.allow.0'],
    [
      'a drill target of the wrong kind',
      `${REAL}drill: { allow: [dr-site/recoveryToken/1] }`,
      'drill.allow.0',
    ],
    ['text where a list belongs', 'people: { anna: { name: A, roles: operator } }', 'people.anna.roles'],
    ['a certificate without its key', 'temporal: { address: "a:7233", tls: { cert: a } }', 'temporal.tls'],
    ['an API key without TLS', 'temporal: { address: "a:7233", apiKey: { env: KEY } }', 'temporal.apiKey'],
  ])('is refused for %s', async (_, yaml, path) => {
    const problems = await problemsOf(yaml);
    expect(problems).toEqual([expect.stringMatching(`^${path}: `)]);
    expect(problems.join()).not.toContain('hunter2');
  });

  it.each([
    ['an alias', 'people: { anna: &a { name: A, roles: [x] }, bert: *a }'],
    ['a tag', 'unattended: !x [a]'],
    ['a key twice', 'unattended: []\nunattended: []'],
    ['the name __proto__', 'people: { __proto__: { name: A, roles: [x] } }'],
    ['5,000 open brackets', '['.repeat(5_000)],
    ['5,000 open blocks', '- '.repeat(5_000)],
    ['more than 256 KB', `#${'x'.repeat(256 * 1024)}`],
    ['broken YAML', 'people: [anna'],
    ['a list instead of fields', '- a'],
  ])('is refused for %s', async (_, yaml) => {
    expect(await problemsOf(yaml)).not.toEqual([]);
  });

  it('says so when there is no such file', async () => {
    await expect(
      loadConfig({ file: join(folder, 'none.yaml'), environmentVariables: {} }),
    ).rejects.toMatchObject({
      code: 'config.invalid',
      message: expect.stringContaining('none.yaml: cannot be read') as string,
    });
  });
});
