import type { CommandOptions } from '../../src/veeam/index.ts';

/** One call of an operation, and what the server must see of it. */
export type Exercise<Client> = {
  readonly call: (client: Client, options?: CommandOptions) => Promise<unknown>;
  /** Method, path and query, as they arrive at the server. */
  readonly sent: string;
  readonly body?: object;
  /** The answer to give, where no specification of the operation is kept here. */
  readonly answer?: object;
};
