import type { Caller } from './caller.ts';
import type { CallOptions, CommandCall, CommandOptions, Form, Reading, Route } from './calls.ts';
import { VeeamError } from './errors.ts';
import type { Operation } from './operation.ts';
import type { Params, Query } from './path.ts';

type Content = {
  params?: Params | undefined;
  query?: Query | undefined;
  body?: object | undefined;
  form?: Form | undefined;
};

/** Options of a read that collects page after page. */
export type CollectOptions = CallOptions & {
  /** Most items to collect. Default: `limits.items` of the connection. */
  readonly limit?: number | undefined;
};

type Table = Readonly<Record<string, Operation>>;

/** The verbs of a table whose operations have one of these methods. */
export type VerbOf<T extends Table, M extends Operation['method']> = {
  [Verb in keyof T]: T[Verb]['method'] extends M ? Verb : never;
}[keyof T];

/**
 * Calls by verb: method and path come from a product's table of operations. A verb that the configured API version
 * does not have is refused with veeam.badInput before anything is sent, a login included.
 */
export interface OperationCalls<T extends Table> {
  /** See `Caller.read`. */
  read<R>(verb: VerbOf<T, 'GET' | 'POST'>, call: Content & Reading<R>, options?: CallOptions): Promise<R>;
  /** See `Caller.command`. */
  command<R>(
    verb: VerbOf<T, 'POST' | 'PUT' | 'PATCH' | 'DELETE'>,
    call: Content & Reading<R> & Pick<CommandCall<R>, 'as'>,
    options?: CommandOptions,
  ): Promise<R>;
  /** Throws what a call of the verb throws in an API version that lacks it. */
  requireVersion(verb: keyof T): void;
  /** An error about the call of a verb that no answer of the server gave. */
  error(code: 'veeam.badInput' | 'veeam.notFound', verb: keyof T, detail: string): VeeamError;
  readonly caller: Caller;
}

export function operationCalls<T extends Table>(
  caller: Caller,
  { table, version }: { table: T; version: string },
): OperationCalls<T> {
  const routeOf = ({ method, path }: Operation): Route => `${method} /${path.slice(1)}`;

  const error: OperationCalls<T>['error'] = (code, verb, detail) =>
    new VeeamError(code, caller.site(routeOf(operationOf(verb))), { detail });

  function operationOf(verb: keyof T): Operation {
    const operation = table[verb];
    if (operation === undefined) throw new TypeError(`no operation ${String(verb)}`);
    return operation;
  }

  function targetOf(verb: keyof T): { call: Route; absolute: boolean } {
    const operation = operationOf(verb);
    if (!operation.versions.includes(version)) {
      const has = operation.versions.join(', ');
      throw error(
        'veeam.badInput',
        verb,
        `API version ${version} does not have this call; it needs one of ${has}`,
      );
    }
    // A whole path stands in the table where the product's version is not part of it.
    return { call: routeOf(operation), absolute: operation.path.startsWith('/api/') };
  }

  return {
    // The casts: the type of `verb` admits only the verbs with these methods.
    read: async (verb, content, options) => {
      const { call, absolute } = targetOf(verb);
      return caller.read({ ...content, absolute, call: call as Route<'GET' | 'POST'> }, options);
    },
    command: async (verb, content, options) => {
      const { call, absolute } = targetOf(verb);
      return caller.command(
        { ...content, absolute, call: call as Route<'POST' | 'PUT' | 'PATCH' | 'DELETE'> },
        options,
      );
    },
    requireVersion: (verb) => void targetOf(verb),
    error,
    caller,
  };
}
