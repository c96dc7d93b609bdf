import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { readInput } from '../input.ts';
import type { TokenPair } from '../tokens.ts';
import type { VroContext } from './access.ts';

const formSchema = z.object({
  grant_type: z.string().toLowerCase().default(''),
  username: z.string().default(''),
  password: z.string().default(''),
  client_id: z.string().default(''),
  client_secret: z.string().default(''),
  refresh_token: z.string().default(''),
  mfa_token: z.string().default(''),
  mfa_passcode: z.string().trim().default(''),
});
type Form = z.output<typeof formSchema>;
type Answer = Readonly<Record<string, string | number>>;

/** Log in, refresh, log out: under `/api/token`, and under `/token` as older clients have it. */
export function addTokenRoutes(app: FastifyInstance, context: VroContext): void {
  const { tokens } = context;

  const logIn = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const answer = grant(context, readInput(formSchema, request.body));
    return typeof answer === 'string' ? reply.code(400).send({ error: answer }) : answer;
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

/** The answer to a login, or the OAuth error. */
function grant(context: VroContext, form: Form): Answer | string {
  const { tokens, accounts, mfa } = context;
  const issueTo = (holder: string | undefined, otherwise: string): Answer | string =>
    holder === undefined ? otherwise : pairOf(context, tokens.issue(holder));
  switch (form.grant_type) {
    case 'password': {
      const user = accounts.user(form.username, form.password);
      if (user === undefined) return 'invalid_grant';
      return user.mfa === undefined
        ? issueTo(user.username, 'invalid_grant')
        : { ...uselessPair(context), ...mfaPart(context, user) };
    }
    case 'client_credentials':
      return issueTo(accounts.client(form.client_id, form.client_secret), 'invalid_client');
    case 'refresh_token': {
      const pair = tokens.refresh(form.refresh_token);
      return pair === undefined ? 'invalid_grant' : pairOf(context, pair);
    }
    case 'mfa':
      return issueTo(mfa.logIn(form.mfa_token, form.mfa_passcode), 'invalid_grant');
    default:
      return 'unsupported_grant_type';
  }
}

function pairOf({ tokenLifetimeSeconds }: VroContext, { access, refresh }: TokenPair): Answer {
  return {
    access_token: access,
    token_type: 'bearer',
    // The real server rounds down: 899 for its 15 minutes.
    expires_in: tokenLifetimeSeconds - 1,
    refresh_token: refresh,
  };
}

/**
 * The guide says that a login with MFA answers an access token and a refresh token as well, with which one cannot
 * authorize before the second factor: here they never authorize anything.
 */
function uselessPair(context: VroContext): Answer {
  const access = randomBytes(48).toString('base64url');
  const refresh = randomBytes(32).toString('base64');
  return pairOf(context, { access, refresh, issuedAt: 0, expiresAt: 0 });
}

/** The names of these two fields are not documented. */
function mfaPart({ mfa }: VroContext, user: Parameters<VroContext['mfa']['issue']>[0]): Answer {
  const { token, expiresInSeconds } = mfa.issue(user);
  return { mfa_token: token, mfa_token_expires_in: expiresInSeconds };
}
