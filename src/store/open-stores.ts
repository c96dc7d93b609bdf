import { join } from 'node:path';
import type { Stores } from './contracts.ts';
import { openEnvelopeKeys } from './envelope-keys.ts';
import { postgresAudits } from './postgres/audits.ts';
import { postgresChannels } from './postgres/channels.ts';
import { postgresContents } from './postgres/contents.ts';
import type { Database } from './postgres/database.ts';
import { postgresDelegations } from './postgres/delegations.ts';
import { postgresDrafts } from './postgres/drafts.ts';
import { postgresFindings } from './postgres/findings.ts';
import { postgresFreezes } from './postgres/freezes.ts';
import { postgresGates } from './postgres/gates.ts';
import { postgresIntents } from './postgres/intents.ts';
import { postgresLaunches } from './postgres/launches.ts';
import { postgresLedger } from './postgres/ledger.ts';
import { postgresNotes } from './postgres/notes.ts';
import { postgresPeople } from './postgres/people.ts';
import { postgresRefusals } from './postgres/refusals.ts';
import { postgresReviews } from './postgres/reviews.ts';
import { postgresRetention } from './postgres/retention.ts';
import { postgresRuns } from './postgres/runs.ts';
import { postgresSecrets } from './postgres/secrets.ts';
import { postgresSpoken } from './postgres/spoken.ts';
import { postgresVotes } from './postgres/votes.ts';
import type { EnvelopeKeys } from './sealed-box.ts';

/** How often an issued secret may be revealed. */
const MAY_REVEAL = 3;

/**
 * The stores over a database. Secrets in it are sealed with a key that is not in it.
 *
 * @param options.folder where that key is made unless `keys` has others: `keys/secrets.key`, at the first use
 * @param options.keys asked each time: the first seals, all open
 * @param options.mayReveal how often each secret may be revealed; default 3
 * @param options.now the clock of what is recorded, in milliseconds since 1970; default: this machine's
 */
export async function openStores({
  database,
  folder,
  keys = () => openEnvelopeKeys({ folder: join(folder, 'keys') }),
  mayReveal = MAY_REVEAL,
  now = Date.now,
}: {
  readonly database: Database;
  readonly folder: string;
  readonly keys?: () => Promise<EnvelopeKeys>;
  readonly mayReveal?: number;
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
    ledger: postgresLedger(database),
    audits: postgresAudits(database),
    retention: postgresRetention(database),
    notes: postgresNotes(database),
    findings: postgresFindings(database),
    reviews: postgresReviews(database),
    people: postgresPeople(database),
    drafts: postgresDrafts(database),
    spoken: postgresSpoken(database),
    secrets: postgresSecrets(database, { now, keys, mayReveal }),
    close: () => database.close(),
  };
}
