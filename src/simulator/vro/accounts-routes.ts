import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { readInput } from '../input.ts';
import type { VroContext } from './access.ts';
import { accountOf } from './access.ts';

const deleteQuery = z.object({ clientId: z.string().min(1) });
const mfaBody = z.object({ mfaToken: z.string().min(1) });

/** API clients: a user creates, lists and deletes its own; a client sees and deletes itself. */
export function addClientRoutes(app: FastifyInstance, { accounts, tokens, journal }: VroContext): void {
  app.post('/Clients', async (request) => {
    const account = accountOf(request);
    const { id, secret } = accounts.createClient(account);
    journal.record({ system: 'vro', call: 'POST /Clients', target: id, by: account.name, body: {} });
    return { client_id: id, client_secret: secret };
  });

  app.get('/Clients', async (request) => accounts.clientsOf(accountOf(request)));

  app.delete('/Clients', async (request, reply) => {
    const account = accountOf(request);
    const { clientId } = readInput(deleteQuery, request.query);
    const target = accounts.deleteClient(account, clientId);
    tokens.revokeAll(target);
    journal.record({ system: 'vro', call: 'DELETE /Clients', target, by: account.name, body: {} });
    return reply.code(204).send();
  });
}

/**
 * The secret for an authenticator app. It takes the MFA token of a login, and no access token: there is none yet that
 * authorizes.
 */
export function addMfaRoutes(app: FastifyInstance, { mfa }: VroContext): void {
  app.post('/Mfa/GenerateMfaCode', async (request, reply) => {
    const { mfaToken } = readInput(mfaBody, request.body);
    const generated = mfa.generate(mfaToken);
    if (generated === 'unknown') {
      return reply.code(401).send({ message: 'The MFA token is not valid or has expired.' });
    }
    if (generated === 'generated') {
      return reply.code(401).send({ message: 'The MFA secret code has already been generated.' });
    }
    const { user, secret } = generated;
    const label = encodeURIComponent(`Veeam Recovery Orchestrator:${user}`);
    return {
      mfaKey: secret,
      mfaQrCodeUrl: `otpauth://totp/${label}?secret=${secret}&issuer=Veeam%20Recovery%20Orchestrator`,
    };
  });
}
