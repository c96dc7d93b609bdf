import { join } from 'node:path';
import type { Stores } from './contracts.ts';
import { openFileSecrets } from './file-secrets.ts';
import { postgresChannels } from './postgres/channels.ts';
import { postgresContents } from './postgres/contents.ts';
import type { Database } from './postgres/database.ts';
import { postgresDelegations } from './postgres/delegations.ts';
import { postgresDrafts } from './postgres/drafts.ts';
import { postgresFreezes } from './postgres/freezes.ts';
import { postgresGates } from './postgres/gates.ts';
import { postgresIntents } from './postgres/intents.ts';
import { postgresLaunches } from './postgres/launches.ts';
import { postgresPeople } from './postgres/people.ts';
import { postgresRefusals } from './postgres/refusals.ts';
import { postgresRuns } from './postgres/runs.ts';
import { postgresSpoken } from './postgres/spoken.ts';
import { postgresVotes } from './postgres/votes.ts';

/**
 * The stores over a database. Issued secrets are files that only their owner may read, in `secrets/` of the folder or where
 * the configuration says.
 *
 * @param options.now the clock of what is recorded, in milliseconds since 1970; default: this machine's
 * @throws StoreError `store.unavailable` for the folder; the database is connected at the first use
 */
export async function openStores({
  database,
  folder,
  secretsFolder = join(folder, 'secrets'),
  now = Date.now,
}: {
  readonly database: Database;
  readonly folder: string;
  readonly secretsFolder?: string;
  readonly now?: () => number;
}): Promise<Stores> {
  return {
    contents: postgresContents(database),
    intents: postgresIntents(database, now),
    votes: postgresVotes(database, now),
    gates: postgresGates(database, now),
    refusals: postgresRefusals(database),
    runs: postgresRuns(database),
    freezes: postgresFreezes(database, now),
    delegations: postgresDelegations(database, now),
    channels: postgresChannels(database, now),
    launches: postgresLaunches(database),
    people: postgresPeople(database),
    drafts: postgresDrafts(database),
    spoken: postgresSpoken(database),
    secrets: await openFileSecrets({ folder: secretsFolder }),
    close: () => database.close(),
  };
}
