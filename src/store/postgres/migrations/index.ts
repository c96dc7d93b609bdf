import { effects } from './001-effects.ts';
import { gates } from './002-gates.ts';
import { freezes } from './003-freezes.ts';
import { delegations } from './004-delegations.ts';
import { people } from './010-people.ts';
import { voteDrafts } from './020-vote-drafts.ts';
import { channels } from './030-channels.ts';
import { launches } from './031-launches.ts';
import { spokenVotes } from './040-spoken-votes.ts';
import { handOvers } from './050-hand-overs.ts';
import { ledger } from './060-ledger.ts';
import { secrets } from './070-secrets.ts';
import { notes } from './071-notes.ts';
import { audits } from './072-audits.ts';
import { prunings } from './073-prunings.ts';
import type { Migration } from './migration.ts';

/** All of them, in the order in which they are applied. */
export const MIGRATIONS: readonly Migration[] = [
  effects,
  gates,
  freezes,
  delegations,
  people,
  voteDrafts,
  channels,
  launches,
  spokenVotes,
  handOvers,
  ledger,
  secrets,
  notes,
  audits,
  prunings,
];
