import type { z } from 'zod';
import type { CallSite } from './errors.ts';
import type { BeforeSend } from './fence.ts';
import type { Params, Query } from './path.ts';
import type { HttpAnswer, Method } from './transport.ts';

export type CallOptions = {
  /** Aborts the call; it then fails with veeam.cancelled. */
  readonly signal?: AbortSignal | undefined;
};

export type CommandOptions = CallOptions & {
  /**
   * The fence: called when token and connection are in hand and nothing but the request is left to send,
   * and again before the one repeat after a 401. When it throws, nothing is sent and the caller gets its error.
   */
  readonly beforeSend?: BeforeSend | undefined;
};

/** `GET /Plans/{planId}`: the method and the path template below the API's root. */
export type Route<M extends Method = Method> = `${M} /${string}`;

/** Fields of a form-encoded body; undefined ones are left out. */
export type Form = Readonly<Record<string, string | undefined>>;

/** What is sent, and where to. */
type Sent = {
  params?: Params | undefined;
  query?: Query | undefined;
  /** Sent as JSON. */
  body?: object | undefined;
  /** Sent form-encoded, instead of `body`. */
  form?: Form | undefined;
  /** The path is whole: the caller's `root` is not put in front. Default false. */
  absolute?: boolean;
};

/** How a 2xx answer is read: its JSON by a schema, or the whole answer by a function. */
export type Reading<T> =
  | { schema: z.ZodType<T>; result?: never }
  | { schema?: never; result: (answer: HttpAnswer, site: CallSite) => T };

/** A call that changes nothing, whatever its method: it is repeated after failures that pass. */
export type ReadCall<T> = Sent & Reading<T> & { call: Route<'GET' | 'POST'> };

/** A call that changes the world: never sent again once it may have arrived. */
export type CommandCall<T> = Sent &
  Reading<T> & {
    call: Route<'POST' | 'PUT' | 'PATCH' | 'DELETE'>;
    /** Who asks, instead of the connection's session, which is left alone. A 401 is final then. */
    as?: Pick<FirstFactor, 'accessToken'> | undefined;
  };

/** What the token endpoint answers to a user name and a password alone. */
export type FirstFactor = {
  /** Undefined when the server hands out none before the second factor. */
  readonly accessToken: string | undefined;
  /** Undefined when the account has no second factor. */
  readonly mfaToken: string | undefined;
};

export type LogoutOptions = CallOptions & {
  /** See {@link ReadCall}. */
  readonly absolute?: boolean;
  /** The form that is sent, made from the access token that ends. Default: no body. */
  readonly form?: ((accessToken: string) => Form) | undefined;
};

/** Method and path template of a route. */
export function splitRoute(route: Route): { method: Method; template: string } {
  const [method, template] = route.split(' ') as [Method, string];
  return { method, template };
}
