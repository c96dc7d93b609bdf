import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import Provider, { type Configuration, type JWKS } from 'oidc-provider';
import { z } from 'zod';

/**
 * An identity provider as a process of its own, on loopback: `provider-main.ts SETTINGS` with JSON. It prints its issuer
 * when it listens. Whoever signs in by a name is that subject; the settings say which claims each has. A line of JSON on its
 * input gives it other keys.
 */
const keySet = z.object({ keys: z.array(z.looseObject({})) });
const settings = z
  .object({
    jwks: keySet,
    redirectUri: z.string(),
    clientId: z.string(),
    clientSecret: z.string().optional(),
    people: z.record(z.string(), z.record(z.string(), z.unknown())),
  })
  .parse(JSON.parse(process.argv[2] ?? '{}'));

const server = createServer();
await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

const configuration: Configuration = {
  clients: [
    {
      client_id: settings.clientId,
      redirect_uris: [settings.redirectUri],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      ...(settings.clientSecret === undefined
        ? { token_endpoint_auth_method: 'none' as const }
        : { client_secret: settings.clientSecret }),
    },
  ],
  cookies: { keys: ['only for tests'] },
  claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'groups', 'realm_access'] },
  // So that groups are in the ID token, as providers of companies put them there.
  conformIdTokenClaims: false,
  findAccount: (_context, subject) => ({
    accountId: subject,
    claims: () => ({ sub: subject, ...settings.people[subject] }),
  }),
};
const answerWith = (keys: unknown) =>
  new Provider(issuer, { ...configuration, jwks: keySet.parse(keys) as unknown as JWKS }).callback();
let answer = answerWith(settings.jwks);
server.on('request', (request, response) => void answer(request, response));
process.stdout.write(`${issuer}\n`);
for await (const line of createInterface(process.stdin)) {
  answer = answerWith(JSON.parse(line));
  process.stdout.write('rotated\n');
}
