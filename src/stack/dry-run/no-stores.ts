import { StoreError, type Stores } from '../../store/index.ts';

const refuse = async (): Promise<never> => {
  throw new StoreError('store.unavailable', 'dry run', { detail: 'A dry run keeps nothing.' });
};

/** Stores that keep nothing: a dry run that wanted to write something down would be a mistake, and says so. */
export const NO_STORES: Stores = {
  contents: { put: refuse, get: refuse },
  intents: {
    begin: refuse,
    sending: refuse,
    underWay: refuse,
    isNewest: refuse,
    latest: refuse,
    finish: refuse,
    targetsOf: refuse,
  },
  secrets: { keep: refuse, forget: refuse },
  votes: { keep: refuse, find: refuse, waiting: refuse, taken: refuse, giveUp: refuse },
  gates: { open: refuse, close: refuse, closeAll: refuse, listOpen: refuse, find: refuse },
  spoken: { hear: refuse, refuse, of: refuse, refused: refuse },
  refusals: { add: refuse, of: refuse, count: refuse },
  runs: {
    begin: refuse,
    end: refuse,
    open: refuse,
    list: refuse,
    find: refuse,
    findExecution: refuse,
    lastEnded: refuse,
  },
  delegations: { add: refuse, end: refuse, holds: refuse, pending: refuse },
  freezes: { set: refuse, lift: refuse, pending: refuse },
  channels: { took: refuse, failed: refuse, all: refuse },
  launches: { begin: refuse, started: refuse, notStarted: refuse, lastStarted: refuse, list: refuse },
  drafts: { keep: refuse, take: refuse },
  people: {
    revoke: refuse,
    reinstate: refuse,
    revocationOf: refuse,
    revocations: refuse,
    keepCredential: refuse,
    credential: refuse,
    credentials: refuse,
    touchCredential: refuse,
    endCredential: refuse,
    takePasscodeStep: refuse,
    beginTry: refuse,
    forgiveTry: refuse,
    clearTries: refuse,
    note: refuse,
    events: refuse,
    keepLogin: refuse,
    takeLogin: refuse,
    keepProviderPerson: refuse,
    providerPerson: refuse,
    providerPersonOf: refuse,
    providerPeople: refuse,
    keepProviderKeys: refuse,
    providerKeys: refuse,
  },
  close: async () => undefined,
};
