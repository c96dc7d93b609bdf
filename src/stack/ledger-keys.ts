import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import {
  formatVerifierKey,
  KeyChain,
  keyChangesOf,
  LedgerError,
  sealLedger,
  signerKey,
  signKeyChange,
  type SignerKey,
  type VerifierKey,
} from '../ledger/index.ts';
import type { KeyRotation, RotateKey } from '../client/ledger-desk.ts';
import type { Sealing } from '../ledger/index.ts';
import { LEDGER_VERSION } from '../model/ledger-entry.ts';
import { createFile, readIfThere, syncFolders, type LedgerStore } from '../store/index.ts';

/** Made and not entered yet: it signs nothing but the change that brings it. */
const NEXT_KEY = 'ledger-key-next.pem';
/** The first key is `ledger-key.pem`; see openKeys. */
const LATER_KEY = /^ledger-key-[1-9]\d*\.pem$/;

/** The keys of a ledger in a folder, and which of them sign now: what the ledger itself says of its keys decides that. */
export class LedgerKeys {
  readonly #folder: string;
  readonly #origin: string;
  readonly #store: Pick<LedgerStore, 'ofKind'>;
  readonly #first: SignerKey;
  readonly #now: () => number;
  #signs: SignerKey;
  #before: SignerKey | undefined;
  #bothUntil = 0;
  #known: readonly VerifierKey[];
  #changes = -1;

  constructor({
    folder,
    origin,
    store,
    privateKey,
    now = Date.now,
  }: {
    readonly folder: string;
    readonly origin: string;
    readonly store: Pick<LedgerStore, 'ofKind'>;
    /** The first key. */
    readonly privateKey: KeyObject;
    readonly now?: () => number;
  }) {
    this.#folder = folder;
    this.#origin = origin;
    this.#store = store;
    this.#first = signerKey(origin, 'ed25519', privateKey);
    this.#signs = this.#first;
    this.#known = [this.#first];
    this.#now = now;
  }

  /** The key that signs. */
  get key(): SignerKey {
    return this.#signs;
  }

  /** The key before it, while both sign. */
  get beside(): readonly SignerKey[] {
    return this.#before !== undefined && this.#now() < this.#bothUntil ? [this.#before] : [];
  }

  /** All keys that the ledger has had, oldest first. */
  get known(): readonly VerifierKey[] {
    return this.#known;
  }

  /**
   * Looks which key signs now: another process may have changed it.
   *
   * @throws LedgerError `ledger.keyMissing`, `ledger.badKeyChange`; StoreError
   */
  async renew(): Promise<void> {
    const changes = keyChangesOf(await this.#store.ofKind('ledger.key'));
    if (changes.length === this.#changes) return;
    const own = await this.#own();
    const chain = new KeyChain(this.#origin, own, changes);
    const newest = changes.length === 0 ? this.#first : chain.keyFor(Infinity);
    // Keys that follow each other and have nothing to do with ours: somebody has written them into the table.
    if (newest === undefined) throw new LedgerError('ledger.badKeyChange', 'ledger');
    const signs = signerOf(own, newest);
    if (signs === undefined) {
      throw new LedgerError('ledger.keyMissing', this.#folder, { detail: formatVerifierKey(newest) });
    }
    const last = changes.at(-1);
    const before = last === undefined ? undefined : chain.keyFor(last.position);
    this.#signs = signs;
    this.#before = before === undefined ? undefined : signerOf(own, before);
    this.#bothUntil = last?.change.bothUntil ?? 0;
    this.#known = changes.length === 0 ? [this.#first] : chain.keys;
    this.#changes = changes.length;
    await this.#settle(changes.length);
  }

  /** Makes the key that is to be next; one that was made and never entered is taken. */
  async next(): Promise<SignerKey> {
    const content = generateKeyPairSync('ed25519')
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString();
    await createFile({ path: join(this.#folder, NEXT_KEY), content, drafts: this.#folder });
    await syncFolders(this.#folder);
    const made = await this.#read(NEXT_KEY);
    if (made === undefined) throw new LedgerError('ledger.keyMissing', this.#folder);
    return made;
  }

  /** How many changes of keys there were, as last looked. */
  get changes(): number {
    return Math.max(0, this.#changes);
  }

  async #own(): Promise<readonly SignerKey[]> {
    const names = (await readdir(this.#folder)).filter((name) => name === NEXT_KEY || LATER_KEY.test(name));
    const read = await Promise.all(names.map((name) => this.#read(name)));
    return [this.#first, ...read.filter((key) => key !== undefined)];
  }

  async #read(name: string): Promise<SignerKey | undefined> {
    const pem = await readIfThere(join(this.#folder, name));
    if (pem === undefined) return undefined;
    try {
      return signerKey(this.#origin, 'ed25519', createPrivateKey(pem));
    } catch {
      // The reason may quote the file.
      throw new LedgerError('ledger.badKey', join(this.#folder, name));
    }
  }

  /** What was entered is next no more; a process that died in between has left that to us. */
  async #settle(changes: number): Promise<void> {
    const next = await this.#read(NEXT_KEY);
    if (next === undefined || formatVerifierKey(next) !== formatVerifierKey(this.#signs)) return;
    await rename(join(this.#folder, NEXT_KEY), join(this.#folder, `ledger-key-${changes + 1}.pem`)).catch(
      () => undefined,
    );
    await syncFolders(this.#folder);
  }
}

/**
 * Gives a ledger a new key: a key is made, the old and the new one sign that it follows, that is entered, and the next checkpoint
 * carries both. What a process that dies in the middle leaves behind, the next call takes up.
 */
export function rotationOf(
  keys: LedgerKeys,
  sealing: Sealing,
  store: Pick<LedgerStore, 'append'>,
): RotateKey {
  return async ({ actor, bothMs }): Promise<KeyRotation> => {
    // All that is there so far is signed by the old key alone.
    await sealLedger(sealing);
    await keys.renew();
    const [oldKey, newKey, at] = [keys.key, await keys.next(), Date.now()];
    const change = signKeyChange({ origin: sealing.origin, bothUntil: at + bothMs }, oldKey, newKey);
    // Of two that do this at once, one is entered.
    const key = `ledger/key/${keys.changes + 1}`;
    await store.append([{ v: LEDGER_VERSION, kind: 'ledger.key', key, at, actor, ...change }]);
    await keys.renew();
    await sealLedger(sealing);
    return { oldKey: change.oldKey, newKey: formatVerifierKey(keys.key), bothUntil: change.bothUntil };
  };
}

function signerOf(own: readonly SignerKey[], key: VerifierKey): SignerKey | undefined {
  return own.find((one) => formatVerifierKey(one) === formatVerifierKey(key));
}
