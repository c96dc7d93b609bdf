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

export type ReadCall<T> = {
  call: Route<'GET'>;
  params?: Params;
  query?: Query;
  schema: z.ZodType<T>;
};

export type CommandCall<T> = {
  call: Route<'POST' | 'PUT' | 'DELETE'>;
  params?: Params;
  body?: object | undefined;
  /** Reads the 2xx answer. */
  result: (answer: HttpAnswer, site: CallSite) => T;
};

/** Method and path template of a route. */
export function splitRoute(route: Route): { method: Method; template: string } {
  const [method, template] = route.split(' ') as [Method, string];
  return { method, template };
}
