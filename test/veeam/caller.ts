import { onTestFinished } from 'vitest';
import { createCaller } from '../../src/veeam/caller.ts';
import { settingsOf } from '../../src/veeam/options.ts';
import type { ConnectionOptions } from '../../src/veeam/options.ts';

type Given = Partial<Parameters<typeof createCaller>[0]> & { options?: Partial<ConnectionOptions> };

/** The layer below the clients, with short pauses; its root is `/root`. Closed with the test. */
export function callerOf(url: string, { options, ...rest }: Given = {}) {
  const caller = createCaller({
    settings: settingsOf({ connection: 'dr-site', url, limits: { backoffMs: 10 }, ...options }),
    credentials: { kind: 'password', username: 'dr\\muster', password: () => 'Password1' },
    root: '/root',
    tokenPath: '/api/token',
    ...rest,
  });
  onTestFinished(() => caller.close());
  return caller;
}
