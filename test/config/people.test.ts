import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.ts';
import { configLoader } from './load.ts';

const { folder, load, problemsOf } = await configLoader();

const HASH = `$scrypt$ln=15,r=8,p=1$${'A'.repeat(22)}$${'B'.repeat(43)}`;
const PASSWORD = `password: { scrypt: '${HASH}' }`;
const OIDC = 'signIn: { oidc: { issuer: https://login.example/realms/x, clientId: muster } }';

describe('people', () => {
  it('may hold a role for some runbooks only', async () => {
    const { people } = await load(
      "people: { anna: { name: Anna, roles: [operator, { role: dr-manager, runbooks: 'erp-*' }] } }",
    );
    expect(people.get('anna')?.grants).toEqual([
      { role: 'operator' },
      { role: 'dr-manager', runbooks: 'erp-*' },
    ]);
  });

  it('hold a limited role nowhere else', async () => {
    const { people } = await load(
      "people: { anna: { name: Anna, roles: [{ role: dr-manager, runbooks: 'erp-*' }] } }",
    );
    expect(people.get('anna')?.roles).toEqual([]);
  });

  it('have the hash of a password, and a second factor elsewhere', async () => {
    const { people } = await load(
      `people: { anna: { name: Anna, roles: [operator], ${PASSWORD}, totp: { file: anna.totp } } }`,
    );
    expect(people.get('anna')).toMatchObject({
      passwordHash: HASH,
      totp: { file: join(folder, 'anna.totp') },
    });
  });

  it.each([
    ['a password in clear text', '{ name: A, roles: [x], password: hunter2hunter2 }', 'people.anna.password'],
    [
      'a hash that is none',
      "{ name: A, roles: [x], password: { scrypt: 'hunter2hunter2' } }",
      'people.anna.password.scrypt',
    ],
    [
      'a hash that costs too little',
      `{ name: A, roles: [x], ${PASSWORD.replace('ln=15', 'ln=10')} }`,
      'people.anna.password.scrypt',
    ],
    [
      'a hash that costs too much',
      `{ name: A, roles: [x], ${PASSWORD.replace('ln=15', 'ln=30')} }`,
      'people.anna.password.scrypt',
    ],
    ['a second factor alone', '{ name: A, roles: [x], totp: { env: T } }', 'people.anna.totp'],
    [
      'a service with a password',
      `{ name: A, kind: service, roles: [x], ${PASSWORD} }`,
      'people.anna.password',
    ],
    ['break-glass without a password', '{ name: A, kind: break-glass, roles: [x] }', 'people.anna.password'],
    ['an unknown kind', '{ name: A, kind: robot, roles: [x] }', 'people.anna.kind'],
    ['no role', '{ name: A, roles: [] }', 'people.anna.roles'],
    ['a role with spaces', "{ name: A, roles: ['dr manager'] }", 'people.anna.roles.0'],
    [
      'a pattern with more than *',
      "{ name: A, roles: [{ role: x, runbooks: 'erp-[ab]' }] }",
      'people.anna.roles.0.runbooks',
    ],
  ])('are refused with %s', async (_, person, path) => {
    const problems = await problemsOf(`people: { anna: ${person} }`);
    expect(problems).toEqual([expect.stringMatching(`^${path}: `)]);
    expect(problems.join()).not.toContain('hunter2');
  });
});

it.each(['schedule', 'nobody', 'muster'])('Nobody is called %s', async (id) => {
  const problems = await problemsOf(`people: { ${id}: { name: A, roles: [x] } }`);
  expect(problems).toEqual([expect.stringMatching(`^people\\.${id}: is a name that muster uses itself`)]);
});

describe('trusting names', () => {
  it('is what ships, with the simulator', async () => {
    const { signIn } = await loadConfig({ file: 'muster.yaml', environmentVariables: {} });
    expect(signIn).toEqual({ trustLocal: true });
  });

  it('is off unless the configuration says so', async () => {
    expect((await load('# nothing yet\n')).signIn).toEqual({ trustLocal: false });
  });

  it('is refused as soon as one connection is a real server', async () => {
    const yaml = `
connections:
  sim: { kind: vro, url: simulator }
  real: { kind: vbr, url: 'https://vbr.example', credentials: { username: a, password: { env: P } } }
signIn: { trustLocal: true }
`;
    expect(await problemsOf(yaml)).toEqual([
      expect.stringMatching(/^signIn\.trustLocal: .*simulator only, and real is a real server/),
    ]);
  });

  it('is refused also when the connection has other mistakes', async () => {
    const yaml = 'connections: { real: { kind: vbr, url: ftp://x } }\nsignIn: { trustLocal: true }';
    const paths = (await problemsOf(yaml)).map((problem) => problem.split(':', 1)[0]);
    expect(paths).toContain('signIn.trustLocal');
  });
});

describe('an identity provider', () => {
  it('gives roles by group, with sensible defaults', async () => {
    const { signIn } = await load(
      `signIn:
  oidc:
    issuer: https://login.example/realms/x
    clientId: muster
    clientSecret: { file: secret }
    roles: { ops: [operator], managers: [{ role: dr-manager, runbooks: 'erp-*' }] }
`,
    );
    expect(signIn.oidc).toEqual({
      issuer: 'https://login.example/realms/x',
      clientId: 'muster',
      clientSecret: { file: join(folder, 'secret') },
      scopes: ['openid', 'profile'],
      groupsClaim: 'groups',
      personClaim: 'preferred_username',
      roles: new Map([
        ['ops', [{ role: 'operator' }]],
        ['managers', [{ role: 'dr-manager', runbooks: 'erp-*' }]],
      ]),
      clockToleranceMs: 30_000,
      freshVotes: false,
    });
  });

  it('needs to know which of its people has a password here', async () => {
    const problems = await problemsOf(`people: { anna: { name: A, roles: [x], ${PASSWORD} } }\n${OIDC}`);
    expect(problems).toEqual([expect.stringMatching(/^people\.anna: .*must be one person in both/)]);
  });

  it.each([['none'], ['{ subject: "248289761001" }']])('takes a person with oidc: %s', async (link) => {
    const { people } = await load(
      `people: { anna: { name: A, roles: [x], ${PASSWORD}, oidc: ${link} } }\n${OIDC}`,
    );
    expect(people.get('anna')?.oidc).toBeDefined();
  });

  it.each([
    [
      'two people who are one there',
      `people: { a: { name: A, roles: [x], oidc: { subject: s } }, b: { name: B, roles: [x], oidc: { subject: s } } }\n${OIDC}`,
      'people.b.oidc',
    ],
    [
      'a link without a provider',
      'people: { a: { name: A, roles: [x], oidc: { subject: s } } }',
      'people.a.oidc',
    ],
    ['an address without TLS', OIDC.replace('https', 'http'), 'signIn.oidc.issuer'],
    ['scopes without openid', OIDC.replace('muster }', 'muster, scopes: [email] }'), 'signIn.oidc.scopes'],
    [
      'a secret in the file',
      OIDC.replace('muster }', 'muster, clientSecret: hunter2 }'),
      'signIn.oidc.clientSecret',
    ],
    [
      'a very tolerant clock',
      OIDC.replace('muster }', 'muster, clockTolerance: 1h }'),
      'signIn.oidc.clockTolerance',
    ],
  ])('is refused with %s', async (_, yaml, path) => {
    const problems = await problemsOf(yaml);
    expect(problems).toEqual([expect.stringMatching(`^${path}: `)]);
    expect(problems.join()).not.toContain('hunter2');
  });
});
