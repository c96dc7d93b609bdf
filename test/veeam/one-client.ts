import { onTestFinished } from 'vitest';
import { createOneClient } from '../../src/veeam/index.ts';
import type { OneOptions } from '../../src/veeam/index.ts';

/** A client with short pauses that is closed with the test. */
export function oneClient(url: string, options: Partial<OneOptions> = {}) {
  const client = createOneClient({
    connection: 'hq',
    url,
    credentials: { kind: 'password', username: 'one-srv\\administrator', password: () => 'Password1' },
    limits: { backoffMs: 10 },
    ...options,
  });
  onTestFinished(() => client.close());
  return client;
}
