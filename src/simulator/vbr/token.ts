import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ServerContext } from '../context.ts';
import { readInput } from '../input.ts';
import type { TokenPair } from '../tokens.ts';
import { isAccount } from '../tokens.ts';
import { sendProblem } from './problem.ts';

const formSchema = z.object({
  grant_type: z.string().toLowerCase().default('password'),
  username: z.string().default(''),
  password: z.string().default(''),
  refresh_token: z.string().default(''),
});
type Form = z.output<typeof formSchema>;

/** `POST /api/oauth2/token` and `/api/oauth2/logout`. */
export function addLoginRoutes(app: FastifyInstance, context: ServerContext): void {
  const { tokens, tokenLifetimeSeconds } = context;

  app.post('/api/oauth2/token', async (request, reply) => {
    const form = readInput(formSchema, request.body);
    if (form.grant_type !== 'password' && form.grant_type !== 'refresh_token') {
      return sendProblem(
        reply,
        400,
        'UnexpectedContent',
        `The grant type ${form.grant_type} is not supported.`,
      );
    }
    const pair = grant(context, form);
    if (pair === undefined) {
      return form.grant_type === 'password'
        ? sendProblem(reply, 401, 'AccessDenied', 'Invalid username or password.')
        : sendProblem(reply, 401, 'InvalidToken', 'The refresh token is not valid.');
    }
    return {
      access_token: pair.access,
      token_type: 'bearer',
      refresh_token: pair.refresh,
      expires_in: tokenLifetimeSeconds,
      '.issued': new Date(pair.issuedAt).toISOString(),
      '.expires': new Date(pair.expiresAt).toISOString(),
    };
  });

  app.post('/api/oauth2/logout', async (request, reply) => {
    const bearer = tokens.bearerOf(request.headers.authorization);
    if (bearer.kind !== 'valid') {
      return sendProblem(reply, 401, 'InvalidToken', 'The access token is not valid.');
    }
    tokens.revoke(bearer.access);
    return {};
  });
}

function grant({ world, tokens }: ServerContext, form: Form): TokenPair | undefined {
  const { user } = world.scenario;
  if (form.grant_type === 'refresh_token') return tokens.refresh(form.refresh_token);
  return isAccount(user, form.username, form.password) ? tokens.issue(user.username) : undefined;
}
