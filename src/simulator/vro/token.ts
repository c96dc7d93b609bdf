import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ServerContext } from '../context.ts';
import { readInput } from '../input.ts';
import type { TokenPair } from '../tokens.ts';
import { isAccount } from '../tokens.ts';

const formSchema = z.object({
  grant_type: z.string().toLowerCase().default(''),
  username: z.string().default(''),
  password: z.string().default(''),
  client_id: z.string().default(''),
  client_secret: z.string().default(''),
  refresh_token: z.string().default(''),
});
type Form = z.output<typeof formSchema>;

/** Log in, refresh, log out: under `/api/token`, and under `/token` as older clients have it. */
export function addTokenRoutes(app: FastifyInstance, context: ServerContext): void {
  const { tokens, tokenLifetimeSeconds } = context;

  const logIn = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const answer = grant(context, readInput(formSchema, request.body));
    if (typeof answer === 'string') return reply.code(400).send({ error: answer });
    return {
      access_token: answer.access,
      token_type: 'bearer',
      // The real server rounds down: 899 for its 15 minutes.
      expires_in: tokenLifetimeSeconds - 1,
      refresh_token: answer.refresh,
    };
  };
  const logOut = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const bearer = tokens.bearerOf(request.headers.authorization);
    if (bearer.kind !== 'valid') return reply.code(401).send({ message: 'Authorization has been denied.' });
    tokens.revoke(bearer.access);
    return reply.code(204).send();
  };

  for (const path of ['/api/token', '/token']) {
    app.post(path, logIn);
    app.delete(path, logOut);
  }
}

/** A pair of tokens, or the OAuth error. */
function grant({ world, tokens }: ServerContext, form: Form): TokenPair | string {
  const { user, vro } = world.scenario;
  switch (form.grant_type) {
    case 'password':
      return isAccount(user, form.username, form.password) ? tokens.issue(user.username) : 'invalid_grant';
    case 'client_credentials':
      return form.client_id === vro.client.id && form.client_secret === vro.client.secret
        ? tokens.issue(vro.client.id)
        : 'invalid_client';
    case 'refresh_token':
      return tokens.refresh(form.refresh_token) ?? 'invalid_grant';
    default:
      return 'unsupported_grant_type';
  }
}
