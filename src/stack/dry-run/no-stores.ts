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
    isNewest: refuse,
    latest: refuse,
    finish: refuse,
    targetsOf: refuse,
  },
  secrets: { keep: refuse, forget: refuse },
  votes: { keep: refuse, find: refuse, waiting: refuse, taken: refuse, giveUp: refuse },
  gates: { open: refuse, close: refuse, closeAll: refuse, listOpen: refuse },
  refusals: { add: refuse, of: refuse, count: refuse },
  runs: { begin: refuse, end: refuse, open: refuse, list: refuse, find: refuse, lastEnded: refuse },
  freezes: { set: refuse, lift: refuse, pending: refuse },
  close: async () => undefined,
};
