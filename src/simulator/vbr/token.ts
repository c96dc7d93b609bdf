import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ServerContext } from '../context.ts';
import { clientOf } from '../context.ts';
import { queryBoolean, readInput } from '../input.ts';
import type { TokenPair } from '../tokens.ts';
import { isAccount } from '../tokens.ts';
import type { AuthorizationCodes } from './authorization-codes.ts';
import type { VbrErrorCode } from './problem.ts';
import { sendProblem } from './problem.ts';
import { iso } from './session-shown.ts';

const formSchema = z.object({
  grant_type: z.string().toLowerCase().default('password'),
  username: z.string().default(''),
  password: z.string().default(''),
  refresh_token: z.string().default(''),
  code: z.string().default(''),
  vbr_token: z.string().default(''),
  use_short_term_refresh: z.union([z.boolean(), queryBoolean]).default(false),
});
type Form = z.output<typeof formSchema>;

/** A short-term refresh token outlives its access token by this. */
const SHORT_TERM_REFRESH_S = 15 * 60;

/** What a login without a token answers: status, code, sentence. */
type Refusal = readonly [400 | 401, VbrErrorCode, string];

/** `POST /api/oauth2/token` and `/api/oauth2/logout`: they look at tokens themselves. */
export function addLoginRoutes(
  app: FastifyInstance,
  context: ServerContext,
  codes: AuthorizationCodes,
): void {
  const { tokens, tokenLifetimeSeconds } = context;

  app.post('/api/oauth2/token', async (request, reply) => {
    const granted = grant(context, codes, readInput(formSchema, request.body));
    if ('access' in granted) {
      return {
        access_token: granted.access,
        token_type: 'bearer',
        refresh_token: granted.refresh,
        expires_in: tokenLifetimeSeconds,
        '.issued': iso(granted.issuedAt),
        '.expires': iso(granted.expiresAt),
      };
    }
    const [status, code, message] = granted;
    return sendProblem(reply, status, code, message);
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

/** `POST /api/oauth2/authorization_code`: for somebody who is logged in. */
export function addAuthorizationCodeRoute(app: FastifyInstance, codes: AuthorizationCodes): void {
  app.post('/api/oauth2/authorization_code', async (request) => ({ code: codes.issue(clientOf(request)) }));
}

function grant(
  { world, tokens, tokenLifetimeSeconds }: ServerContext,
  codes: AuthorizationCodes,
  form: Form,
): TokenPair | Refusal {
  const { user, vbr } = world.scenario;
  const refreshSeconds = form.use_short_term_refresh
    ? tokenLifetimeSeconds + SHORT_TERM_REFRESH_S
    : undefined;
  switch (form.grant_type) {
    case 'password':
      return isAccount(user, form.username, form.password)
        ? tokens.issue(user.username, { refreshSeconds })
        : [401, 'AccessDenied', 'Invalid username or password.'];
    case 'refresh_token':
      return tokens.refresh(form.refresh_token) ?? [401, 'InvalidToken', 'The refresh token is not valid.'];
    case 'authorization_code': {
      const holder = codes.redeem(form.code);
      return holder === undefined
        ? [401, 'InvalidToken', 'The authorization code is not valid.']
        : tokens.issue(holder, { refreshSeconds });
    }
    case 'vbr_token':
      return form.vbr_token === vbr.serviceToken
        ? tokens.issue('service', { refreshSeconds })
        : [401, 'InvalidToken', 'The platform service token is not valid.'];
    default:
      return [400, 'UnexpectedContent', `The grant type ${form.grant_type} is not supported.`];
  }
}
