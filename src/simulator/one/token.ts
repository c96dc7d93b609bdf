import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ServerContext } from '../context.ts';
import { readInput } from '../input.ts';
import { isAccount } from '../tokens.ts';
import { displayName, sidOf } from './access-token.ts';
import { fieldsOf } from './multipart.ts';
import { sendProblem } from './problem.ts';

const loginSchema = z.object({
  grant_type: z.string().toLowerCase().default('password'),
  username: z.string().default(''),
  password: z.string().default(''),
  refresh_token: z.string().default(''),
});
const revokeSchema = z.object({ token: z.string().optional(), UserSid: z.string().optional() });

/** `POST /api/token` and `/api/revoke`: forms of both kinds. */
export function addTokenRoutes(app: FastifyInstance, context: ServerContext): void {
  const { world, tokens, tokenLifetimeSeconds } = context;
  const { user, one } = world.scenario;

  app.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => fieldsOf(body, request.headers['content-type']),
  );

  app.post('/api/token', async (request, reply) => {
    const form = readInput(loginSchema, request.body);
    if (form.grant_type !== 'password' && form.grant_type !== 'refresh_token') {
      const detail = `The grant type ${form.grant_type} is not supported.`;
      return sendProblem(request, reply, 400, detail, 'unsupported_grant_type');
    }
    const pair =
      form.grant_type === 'refresh_token'
        ? tokens.refresh(form.refresh_token)
        : isAccount(user, form.username, form.password)
          ? tokens.issue(user.username)
          : undefined;
    if (pair === undefined) {
      const what = form.grant_type === 'password' ? 'The user name or password' : 'The refresh token';
      return sendProblem(request, reply, 400, `${what} is not valid.`, 'invalid_grant');
    }
    return {
      access_token: pair.access,
      refresh_token: pair.refresh,
      token_type: 'Bearer',
      // The real server rounds down: 899 for its 15 minutes.
      expires_in: tokenLifetimeSeconds - 1,
      user: displayName(user.username),
      user_role: one.userRole,
    };
  });

  app.post('/api/revoke', async (request, reply) => {
    const bearer = tokens.bearerOf(request.headers.authorization);
    if (bearer.kind !== 'valid') {
      return sendProblem(request, reply, 401, 'The access token is missing or not valid.');
    }
    const { token, UserSid } = readInput(revokeSchema, request.body);
    if (token !== undefined && tokens.bearerOf(`Bearer ${token}`).kind === 'valid') {
      tokens.revoke(token);
      return reply.code(200).send();
    }
    if (UserSid?.toUpperCase() === sidOf(bearer.holder)) {
      tokens.revokeAll(bearer.holder);
      return reply.code(200).send();
    }
    return sendProblem(
      request,
      reply,
      400,
      'Send a valid access token as token, or your own SID as UserSid.',
    );
  });
}
