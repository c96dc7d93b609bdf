import type { Config, ConnectionConfig } from '../../config/index.ts';
import { VeeamError, type CallOptions } from '../../veeam/index.ts';
import { CHECKUPS } from './checkups.ts';

/**
 * The other versions of its API that a server answers, newest first. The credentials have been accepted, or were not
 * looked at: asking again locks no account.
 */
export async function servedVersions(
  { config, connection }: { config: Config; connection: ConnectionConfig },
  options: CallOptions,
): Promise<string[]> {
  const { open, versions } = CHECKUPS[connection.kind];
  const served: string[] = [];
  for (const apiVersion of versions.toReversed()) {
    if (apiVersion === connection.apiVersion) continue;
    const checkup = open(config, { ...connection, apiVersion });
    try {
      await checkup.greet(options);
      served.push(apiVersion);
      await checkup.logout(options);
    } catch (error) {
      if (!(error instanceof VeeamError)) throw error;
    } finally {
      await checkup.close();
    }
  }
  return served;
}
