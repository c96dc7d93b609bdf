import { oneLine } from './text.ts';

/**
 * Every code this layer throws: what happened, and what to do now. Callers decide by code, never by prose.
 * The one table: a code exists only if it is here.
 */
const CODES = {
  /** No byte was sent: connection refused, name not found, connect timeout. */
  'veeam.unreachable': {
    what: 'the server could not be reached',
    now: 'Check that the server runs, and that its address and port are right.',
  },
  /** No byte was sent: the server's certificate is not the one to trust, or it does not speak TLS. */
  'veeam.tls': {
    what: 'the server is not trusted',
    now: 'Check the certificate of the server, and the names, issuers and pins configured for this connection.',
  },
  /** No byte reached the server: the proxy said no, or could not be reached itself. */
  'veeam.proxy': {
    what: 'the proxy does not let the connection through',
    now: 'Check address and credentials of the proxy, and that it allows this server and port.',
  },
  /** Nothing was sent: the server failed several times in a row. `retryAfterMs` says when it is tried again. */
  'veeam.circuitOpen': {
    what: 'the server could not be reached several times in a row and is left alone for a while',
    now: 'Check the server and the way to it; it is tried again by itself.',
  },
  /** A time limit of this client ended the call, or the server answered 408. */
  'veeam.timeout': {
    what: 'no complete answer came in time',
    now: 'Check the load of the server and the network, then ask again.',
  },
  /** The connection broke after the request was on its way. */
  'veeam.connectionLost': {
    what: 'the connection broke before the answer was complete',
    now: 'Check the network between this machine and the server, then ask again.',
  },
  /** Login refused, or a fresh access token refused. */
  'veeam.unauthorized': {
    what: 'the server does not accept the credentials',
    now: 'Check user name and secret of this connection, and that the account may use the REST API.',
  },
  'veeam.forbidden': {
    what: 'the account is not allowed to do this',
    now: 'Give the account of this connection the role that this call needs.',
  },
  'veeam.notFound': {
    what: 'the server does not know this object',
    now: 'Check the id or name, and that the account of this connection may see it.',
  },
  'veeam.ambiguousName': {
    what: 'more than one object has this name',
    now: 'Use the id instead of the name.',
  },
  /** 409 or 423: the object is in a state or in use that forbids the call now. */
  'veeam.busy': {
    what: 'the object is busy or in a state that does not allow this',
    now: 'Read its state, wait until it is free, then ask again.',
  },
  /** 429, or 503 with Retry-After, or a call within that time. `retryAfterMs` says how long the server wants to be left alone. */
  'veeam.throttled': {
    what: 'the server asks for fewer requests',
    now: 'Wait as long as the server asks, then ask again.',
  },
  'veeam.serverError': {
    what: 'the server failed while handling the request',
    now: 'Look into the logs of the server; ask again when it is healthy.',
  },
  /** The server does not serve the API version that this connection is configured for. */
  'veeam.version': {
    what: 'the server does not serve this version of its API',
    now: 'Set apiVersion of this connection to a version that the server offers.',
  },
  /** Any other 4xx: the server understood the call and said no. */
  'veeam.rejected': {
    what: 'the server refused the request',
    now: 'Correct what the server names; asking again unchanged will not help.',
  },
  /** The answer is not what the vendor documents. */
  'veeam.contract': {
    what: 'the answer is not what this API promises',
    now: 'Check that the address is the REST API of this product and that its version is supported.',
  },
  'veeam.tooLarge': {
    what: 'the answer is larger than the limit',
    now: 'Ask for fewer items, or raise the body limit of this connection.',
  },
  'veeam.redirected': {
    what: 'the server redirects to another address, which is never followed',
    now: 'Configure the final address of the REST API.',
  },
  /** The caller's signal, or `close()`. */
  'veeam.cancelled': {
    what: 'the call was cancelled',
    now: 'Nothing needs to be done if this was intended.',
  },
  /** Refused on this side: nothing was sent. */
  'veeam.badInput': {
    what: 'the call cannot be made as asked',
    now: 'Correct the named value.',
  },
} as const;

/** The stable codes of {@link VeeamError}. */
export type VeeamErrorCode = keyof typeof CODES;

/** All codes, for documentation and tests. */
export const VEEAM_ERROR_CODES = Object.keys(CODES) as readonly VeeamErrorCode[];

/**
 * Whether a failed call may have changed the world.
 * `none`: it is certain that it did not (also for every call that only reads).
 * `unclear`: it may have; read the state before anything else, and never just repeat the call.
 */
export type Effect = 'none' | 'unclear';

/** The call an error belongs to. */
export type CallSite = {
  readonly connection: string;
  /** Method and path template, e.g. `POST /Plans/{planId}/Failover`: never an id. */
  readonly call: string;
  /** Whether the call changes the world. */
  readonly changes: boolean;
};

type Facts = {
  /** Default `none`. Ignored for calls that only read. */
  effect?: Effect;
  status?: number | undefined;
  retryAfterMs?: number | undefined;
  /** Already scrubbed of secrets. */
  serverMessage?: string | undefined;
  /** One more fact for the message; carries no secret. */
  detail?: string | undefined;
  /** What to do, where more is known than the code says. */
  now?: string | undefined;
  cause?: Error | undefined;
};

/** Longest server text an error repeats: enough for any sentence, too short for a page. */
const MAX_SERVER_MESSAGE_CHARS = 300;

/** What every failed call of this layer throws. Carries no secret in any field, message, stack or cause. */
export class VeeamError extends Error {
  override readonly name = 'VeeamError';
  readonly code: VeeamErrorCode;
  /** Name of the connection in the configuration. */
  readonly connection: string;
  /** Method and path template, e.g. `POST /Plans/{planId}/Failover`. */
  readonly call: string;
  /** What happened and why, without connection and call: for those who show these beside it. */
  readonly says: string;
  /** What to do now. The message is all four. */
  readonly now: string;
  readonly effect: Effect;
  /** Whether the call would have changed the world. */
  readonly changes: boolean;
  /** HTTP status, when there was an answer. */
  readonly status?: number;
  /** How long the server asks to wait, in milliseconds, already capped. */
  readonly retryAfterMs?: number;
  /** The server's own words: one line, at most 300 characters, secrets removed. */
  readonly serverMessage?: string;

  constructor(code: VeeamErrorCode, site: CallSite, facts: Facts = {}) {
    const effect = site.changes ? (facts.effect ?? 'none') : 'none';
    const serverMessage =
      facts.serverMessage === undefined ? '' : oneLine(facts.serverMessage, MAX_SERVER_MESSAGE_CHARS);
    const { says, now } = sentencesOf(code, { ...facts, effect, serverMessage });
    super(
      `${site.connection}: ${site.call}: ${says} ${now}`,
      facts.cause === undefined ? {} : { cause: facts.cause },
    );
    this.code = code;
    this.connection = site.connection;
    this.call = site.call;
    this.says = says;
    this.now = now;
    this.effect = effect;
    this.changes = site.changes;
    if (facts.status !== undefined) this.status = facts.status;
    if (facts.retryAfterMs !== undefined) this.retryAfterMs = facts.retryAfterMs;
    if (serverMessage !== '') this.serverMessage = serverMessage;
  }
}

function sentencesOf(
  code: VeeamErrorCode,
  facts: Facts & { effect: Effect; serverMessage: string },
): { says: string; now: string } {
  const { what, now } = { ...CODES[code], ...(facts.now === undefined ? {} : { now: facts.now }) };
  const status = facts.status === undefined ? '' : ` (status ${facts.status})`;
  const detail = facts.detail === undefined ? '' : `: ${facts.detail}`;
  const said = facts.serverMessage === '' ? '' : ` The server says: "${facts.serverMessage}".`;
  const unclear =
    facts.effect === 'unclear'
      ? ' Whether it took effect is unclear: read the state of the target before asking again.'
      : '';
  return { says: `${what}${status}${detail}.${said}`, now: `${now}${unclear}` };
}
