import type { LedgerEntry } from '../model/ledger-entry.ts';
import type { KeptEntry } from '../store/index.ts';
import type { CheckpointKeys } from './checkpoint.ts';
import { parseEntry } from './entry-schema.ts';
import { formatVerifierKey, keyLabel, parseVerifierKey, type SignerKey, type VerifierKey } from './keys.ts';
import { LedgerError } from './ledger-error.ts';
import { formatSignature, parseSignatures, signNote, verifyNote } from './signed-note.ts';

/** What an entry `ledger.key` says: from here on another key signs. */
export type KeyChange = Pick<
  Extract<LedgerEntry, { kind: 'ledger.key' }>,
  'origin' | 'oldKey' | 'newKey' | 'bothUntil' | 'signatures'
>;

/** A change of keys and where it stands: checkpoints that hold this entry are signed by the new key. */
export interface PlacedChange {
  readonly position: number;
  readonly change: KeyChange;
}

/** Whose word there is for all entries below a size. */
export interface Seal {
  readonly size: number;
  readonly signed: readonly { readonly key: VerifierKey }[];
}

/** No checkpoint begins like this: its second line would have to be a size. */
const FIRST_LINE = 'change of a ledger key, v1';

/** Says that one key follows another; both sign it, so that neither alone can make a change. */
export function signKeyChange(
  { origin, bothUntil }: { readonly origin: string; readonly bothUntil: number },
  oldKey: SignerKey,
  newKey: SignerKey,
): KeyChange {
  const said = {
    origin,
    oldKey: formatVerifierKey(oldKey),
    newKey: formatVerifierKey(newKey),
    bothUntil,
  };
  const { signatures } = signNote(textOf(said), [oldKey, newKey], 0);
  return { ...said, signatures: signatures.map(formatSignature).join('') };
}

/**
 * Checks a change of keys: its form, and the signatures of both keys.
 *
 * @throws LedgerError `ledger.badKeyChange`
 */
export function openKeyChange(
  change: KeyChange,
  { position, origin }: { readonly position: number; readonly origin: string },
): { readonly oldKey: VerifierKey; readonly newKey: VerifierKey } {
  const place = `entry ${position}`;
  try {
    if (change.origin !== origin) throw new LedgerError('ledger.badKeyChange', place);
    const [oldKey, newKey] = [parseVerifierKey(change.oldKey), parseVerifierKey(change.newKey)];
    const note = { text: textOf(change), signatures: parseSignatures(change.signatures) };
    const { signed, unknown } = verifyNote(note, [oldKey, newKey]);
    const isOfBoth = keyLabel(oldKey) !== keyLabel(newKey) && signed.length === 2 && unknown.length === 0;
    if (isOfBoth && oldKey.kind === 'ed25519' && newKey.kind === 'ed25519') return { oldKey, newKey };
  } catch (cause) {
    throw new LedgerError('ledger.badKeyChange', place, { cause });
  }
  throw new LedgerError('ledger.badKeyChange', place);
}

/** The keys of a ledger in the order in which they followed each other. */
export class KeyChain {
  /** With the position of the entry that brought the key; the first was there from the beginning. */
  readonly #links: readonly { readonly key: VerifierKey; readonly position: number }[];
  readonly #given: readonly VerifierKey[];

  /**
   * @param given keys that are believed; when the ledger has changed its key, one of them has to be in the chain
   * @throws LedgerError `ledger.badKeyChange` when a change is not signed by both keys, or does not follow the one before
   */
  constructor(origin: string, given: readonly VerifierKey[], changes: readonly PlacedChange[]) {
    const links: { readonly key: VerifierKey; readonly position: number }[] = [];
    for (const { position, change } of changes) {
      const { oldKey, newKey } = openKeyChange(change, { position, origin });
      const last = links.at(-1)?.key;
      if (last === undefined) links.push({ key: oldKey, position: -1 });
      else if (!isSame(last, oldKey)) throw new LedgerError('ledger.badKeyChange', `entry ${position}`);
      links.push({ key: newKey, position });
    }
    const known = links.some(({ key }) => given.some((one) => isSame(one, key)));
    this.#given = given;
    // A chain that leads to no key that was given proves nothing: whoever likes makes keys that follow each other.
    this.#links = known ? links : [];
  }

  /** All keys that may stand under a checkpoint of this ledger. */
  get keys(): readonly VerifierKey[] {
    const chained = this.#links.map(({ key }) => key);
    return [...this.#given.filter((one) => !chained.some((key) => isSame(one, key))), ...chained];
  }

  /** Those that nobody has given, and that are believed because one that was given says so. */
  get vouched(): readonly VerifierKey[] {
    return this.keys.filter((key) => !this.#isGiven(key));
  }

  /** The key that has to sign a checkpoint of this size; undefined when any of the given keys will do. */
  keyFor(size: number): VerifierKey | undefined {
    return this.#links.findLast(({ position }) => size > position)?.key;
  }

  /** The key that had to sign what has this size, or stands at this position, when it is not among those that have signed. */
  missingAt(size: number, signed: readonly VerifierKey[]): VerifierKey | undefined {
    const needed = this.keyFor(size);
    return needed === undefined || signed.some((key) => isSame(key, needed)) ? undefined : needed;
  }

  /** @throws LedgerError `ledger.otherKey` when the key of that time is not among those that have signed */
  assertSignedInTime(
    { size }: { readonly size: number },
    signed: readonly { readonly key: VerifierKey }[],
    place: string,
  ): void {
    const needed = this.missingAt(
      size,
      signed.map(({ key }) => key),
    );
    if (needed === undefined) return;
    throw new LedgerError('ledger.otherKey', place, { detail: `${keyLabel(needed)} was the key by then.` });
  }

  /**
   * @throws LedgerError `ledger.otherKey` when all that have signed something over a ledger of this size were followed by other
   *   keys by then
   */
  assertNotRetired({ size }: { readonly size: number }, signed: readonly VerifierKey[], place: string): void {
    const holds = this.#links.findLastIndex(({ position }) => size > position);
    const needed = this.#links[holds]?.key;
    if (needed === undefined) return;
    const isOneOf = (links: readonly { readonly key: VerifierKey }[], one: VerifierKey): boolean =>
      links.some(({ key }) => isSame(one, key));
    const [before, since] = [this.#links.slice(0, holds), this.#links.slice(holds)];
    // A key that was given and is not in the chain has come later: every change before this size is in it.
    if (signed.some((one) => isOneOf(since, one) || !isOneOf(before, one))) return;
    throw new LedgerError('ledger.otherKey', place, { detail: `${keyLabel(needed)} was the key by then.` });
  }

  /**
   * The position of a change on which older keys are believed, and which neither the key that it brings, nor a later one, nor one
   * that was given has fixed. Whoever has a retired key could write a past of their own, and put the change behind it.
   *
   * @param seals checkpoints that the entries agree with
   */
  unsealedChange(seals: readonly Seal[]): number | undefined {
    const oldestGiven = this.#links.findIndex(({ key }) => this.#isGiven(key));
    // What follows a key that was given, that key has signed itself.
    const vouching = this.#links.slice(1, oldestGiven + 1);
    return vouching.findLast(({ position }, index) => {
      const since = this.#links.slice(index + 1);
      const counts = ({ key }: { readonly key: VerifierKey }): boolean =>
        this.#isGiven(key) || since.some((link) => isSame(link.key, key));
      return !seals.some(({ size, signed }) => size > position && signed.some(counts));
    })?.position;
  }

  /** Whom checkpoints are believed from. */
  checkpointKeys(origin: string, witnesses: readonly VerifierKey[] = []): CheckpointKeys {
    return { origin, ledger: this.keys, witnesses };
  }

  #isGiven(key: VerifierKey): boolean {
    return this.#given.some((one) => isSame(one, key));
  }
}

/** The changes of keys among entries, in their order. @throws LedgerError `ledger.badEntry` */
export function keyChangesOf(entries: Iterable<KeptEntry>): readonly PlacedChange[] {
  const changes: PlacedChange[] = [];
  for (const { position, text } of entries) {
    // Few entries are one, and reading all twice would take twice as long.
    if (!text.includes('"kind":"ledger.key"')) continue;
    const entry = parseEntry(text, position);
    if (entry.kind === 'ledger.key') changes.push({ position, change: entry });
  }
  return changes;
}

function isSame(one: VerifierKey, other: VerifierKey): boolean {
  // The id is short: whole keys are compared.
  return formatVerifierKey(one) === formatVerifierKey(other);
}

function textOf({ origin, oldKey, newKey, bothUntil }: Omit<KeyChange, 'signatures'>): string {
  return `${FIRST_LINE}\n${origin}\nold ${oldKey}\nnew ${newKey}\nboth until ${bothUntil}\n`;
}
