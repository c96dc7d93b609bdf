import { z } from 'zod';
import type { CallOptions, CommandOptions } from '../calls.ts';
import { checkBody, jsonOf } from '../parse-answer.ts';
import { clientAccount } from '../schemas/client-account.ts';
import { accepted } from './accepted.ts';
import type { Accepted } from './accepted.ts';
import type { VroCalls } from './vro-calls.ts';

/** A new client account. The secret is shown this once: seal it at once, never log it. */
export type NewClient = { readonly clientId: string; readonly clientSecret: string };

/** Accounts for programs. A client sees and deletes only itself, and creates none. */
export interface Clients {
  /** Creates an account with the rights of the user who asks. */
  create(options?: CommandOptions): Promise<NewClient>;
  /** The ids of the accounts that the user created; of itself only, for a client. */
  list(options?: CallOptions): Promise<readonly string[]>;
  delete(clientId: string, options?: CommandOptions): Promise<Accepted>;
}

const clientIds = z.array(z.string());

export function clients(calls: VroCalls): Clients {
  return {
    create: (options) =>
      calls.command(
        'clients.create',
        {
          result: (answer, site) => {
            const body = jsonOf(answer, site);
            calls.caller.scrubber.learnFrom(body);
            const { client_id, client_secret } = checkBody(body, clientAccount, {
              site,
              status: answer.status,
            });
            return { clientId: client_id, clientSecret: client_secret };
          },
        },
        options,
      ),
    list: (options) => calls.read('clients.list', { schema: clientIds }, options),
    delete: (clientId, options) =>
      calls.command('clients.delete', { query: { clientId }, result: accepted }, options),
  };
}
