import type { Deps } from '../../activities/index.ts';
import { isAway, type Intent, type IntentKey, type WriteAhead } from '../store/index.ts';

/** Of people, freezes and delegations this old nobody relies on what they were. */
const MEMORY_MS = 24 * 3_600_000;
/** A store that does not answer is not asked again so soon: a command has seconds to be sent. */
const ASK_AGAIN_AFTER_MS = 10_000;
/** People, votes, gates; a document can have 300 KB. */
const KEPT = 5_000;
const KEPT_DOCUMENTS = 200;

/**
 * Deps that remember what they have read, and with them those for while the store is away: a question that was answered within
 * a day has its answer still. What nobody has asked before has none: then nothing is sent.
 */
export function rememberingDeps(deps: Deps, file: WriteAhead): Deps {
  const { stores } = deps;
  const orElse = outage(() => deps.now());
  const remembered = rememberedBy(() => deps.now(), orElse);
  const person = remembered((id: string) => deps.person(id));
  const isDelegated = remembered((asked: Parameters<Deps['isDelegated']>[0]) => deps.isDelegated(asked));
  const proofOf = remembered(
    (token: string, { nonce, now }: { readonly nonce: string; readonly now: number }) =>
      deps.proofOf(token, { nonce, now }),
  );
  const pending = remembered(() => stores.freezes.pending(deps.now()));
  const document = remembered(
    (digest: string) => stores.contents.get(digest),
    KEPT_DOCUMENTS,
    // Its name is its digest: it never changes.
    Infinity,
  );
  const vote = remembered((id: string) => stores.votes.find(id));
  const spoken = remembered((id: string) => stores.spoken.of(id));
  const gate = remembered((nonce: string) => stores.gates.find(nonce));
  const begun = new Map<string, Intent>();
  const now: Deps = {
    ...deps,
    person: person.now,
    isDelegated: isDelegated.now,
    proofOf: proofOf.now,
    stores: {
      ...stores,
      freezes: { ...stores.freezes, pending: () => pending.now() },
      contents: { ...stores.contents, get: document.now },
      votes: { ...stores.votes, find: vote.now },
      spoken: { ...stores.spoken, of: spoken.now },
      gates: { ...stores.gates, find: gate.now },
      intents: {
        ...stores.intents,
        async begin(intent) {
          const recorded = await stores.intents.begin(intent);
          begun.set(nameOf(intent), recorded);
          return recorded;
        },
        async sending(intent, assertFree) {
          await stores.intents.sending(intent, assertFree);
          begun.set(nameOf(intent), { ...intent, sending: true });
        },
      },
    },
  };
  const freezes = { ...stores.freezes, pending: () => pending.away() };
  const away: Deps = {
    ...deps,
    person: person.away,
    isDelegated: isDelegated.away,
    proofOf: proofOf.away,
    stores: {
      ...stores,
      freezes,
      contents: {
        get: document.away,
        // The same text twice is one text, so that the store can be asked first.
        put: (text) =>
          orElse(
            () => stores.contents.put(text),
            () => file.keep(text),
          ),
      },
      votes: { ...stores.votes, find: vote.away },
      spoken: { ...stores.spoken, of: spoken.away },
      gates: { ...stores.gates, find: gate.away },
      intents: {
        ...stores.intents,
        begin: (intent) => file.begin(intent),
        async sending(intent, assertFree = () => undefined) {
          assertFree(await freezes.pending());
          await file.sending(intent);
        },
        isNewest: async (intent) => file.latest(intent)?.recordedAt === intent.recordedAt,
        latest: async (key) => file.latest(key) ?? begun.get(nameOf(key)),
        finish: (intent, result) => file.finish(intent, result),
      },
    },
  };
  return { ...now, ahead: { file, away } };
}

interface Remembered<Args extends readonly unknown[], T> {
  readonly now: (...args: Args) => Promise<T>;
  /** Asks as well, and remembers when there is no answer. */
  readonly away: (...args: Args) => Promise<T>;
}

function rememberedBy(clock: () => number, orElse: OrElse) {
  return <Args extends readonly unknown[], T>(
    ask: (...args: Args) => Promise<T>,
    kept = KEPT,
    memoryMs = MEMORY_MS,
  ): Remembered<Args, T> => {
    const known = new Map<string, { readonly value: T; readonly at: number }>();
    const now = async (...args: Args): Promise<T> => {
      const value = await ask(...args);
      const name = JSON.stringify(args);
      // The newest last, so that the oldest is the first to be forgotten.
      known.delete(name);
      known.set(name, { value, at: clock() });
      const [oldest] = known.keys();
      if (known.size > kept && oldest !== undefined) known.delete(oldest);
      return value;
    };
    const before = async (error: unknown, args: Args): Promise<T> => {
      const found = known.get(JSON.stringify(args));
      if (found === undefined || clock() - found.at > memoryMs) throw error;
      return found.value;
    };
    return {
      now,
      away: (...args) =>
        orElse(
          () => now(...args),
          (error) => before(error, args),
        ),
    };
  };
}

type OrElse = <T>(ask: () => Promise<T>, otherwise: (error: unknown) => Promise<T>) => Promise<T>;

/** Asks, and does otherwise when the store is away. */
function outage(clock: () => number): OrElse {
  let last: { readonly error: unknown; readonly at: number } | undefined;
  return async (ask, otherwise) => {
    if (last !== undefined && clock() - last.at < ASK_AGAIN_AFTER_MS) return otherwise(last.error);
    try {
      const answer = await ask();
      last = undefined;
      return answer;
    } catch (error) {
      if (!isAway(error)) throw error;
      last = { error, at: clock() };
      return otherwise(error);
    }
  };
}

function nameOf({ run, path, attempt }: IntentKey): string {
  return JSON.stringify([run, path, attempt]);
}
