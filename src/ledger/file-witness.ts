import { createPrivateKey, generateKeyPairSync, hash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EMPTY_ROOT, sameHash, verifyConsistency } from '../merkle/index.ts';
import { openCheckpoint, parseCheckpointText, type Checkpoint, type CheckpointKeys } from './checkpoint.ts';
import { signerKey, type SignerKey, type VerifierKey } from './keys.ts';
import { LedgerError } from './ledger-error.ts';
import { formatSignature, parseNote, signNote, verifyNote } from './signed-note.ts';
import { addVersion, codeOf, newestVersion, writeDurably, type Version } from './witness-folder.ts';
import type { Witness, WitnessAnswer, WitnessRequest } from './witness.ts';

export interface FileWitnessOptions {
  /** A folder on other storage, under other administration, than the ledger. {@link makeFileWitness} prepares it. */
  readonly folder: string;
  /** Verifier keys of the witness, from the configuration; the first is the one it signs with. */
  readonly keys: readonly [VerifierKey, ...VerifierKey[]];
  /** Its private key; default the one in the folder. */
  readonly keyFile?: string;
  /** The ledger it is a witness for. */
  readonly ledger: CheckpointKeys;
  /** It has cosigned before. Default false: an empty folder may be a beginning. */
  readonly hasBegun?: boolean;
  /** Milliseconds since 1970; default the clock of this machine. */
  readonly now?: () => number;
}

const KEY_FILE = 'witness-key.pem';
/** Each failed try means that another process has succeeded. */
const MAX_TRIES = 20;

/**
 * Prepares a folder as a witness: makes its key. The verifier key belongs into the configuration, so that another
 * folder, or an empty one because the storage is not mounted, does not count as this witness.
 *
 * @throws LedgerError `witness.refused` when the folder has a key already, `witness.unreachable`
 */
export async function makeFileWitness(folder: string, name: string): Promise<VerifierKey> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = signerKey(name, 'cosignature/v1', privateKey);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeDurably(
      join(folder, KEY_FILE),
      privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    );
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST') throw new LedgerError('witness.unreachable', folder, { cause });
    throw new LedgerError('witness.refused', folder, { detail: 'It is a witness already.', cause });
  }
  return { name, keyId: key.keyId, kind: key.kind, publicKey: key.publicKey };
}

/** A witness that is a folder: it keeps the newest checkpoint it has cosigned, and cosigns only what continues it. */
export function fileWitness({
  folder,
  keys,
  keyFile = join(folder, KEY_FILE),
  ledger,
  hasBegun = false,
  now = Date.now,
}: FileWitnessOptions): Witness {
  const versions = versionsIn(folder, ledger.origin);
  let remembers = hasBegun;
  return {
    place: folder,
    keys,
    add: (request) =>
      onStorage(folder, async () => {
        const key = await readKey(keyFile, keys[0].name);
        for (let tries = 0; tries < MAX_TRIES; tries += 1) {
          const before = remembers;
          const newest = await newestVersion(versions);
          // With its key elsewhere it would cosign whatever it is shown.
          if (newest === undefined && before) throw forgotten(folder);
          remembers ||= newest !== undefined;
          const refusal = whyNot(request, ledger, known(folder, keys, newest));
          if (refusal !== undefined) return refusal;
          const { text, signatures } = parseNote(request.checkpoint);
          const cosigned = signNote(text, [key], Math.floor(now() / 1000));
          const lines = cosigned.signatures.map(formatSignature).join('');
          const content = `${text}\n${signatures.map(formatSignature).join('')}${lines}`;
          if (await addVersion(versions, { number: (newest?.number ?? 0) + 1, content })) {
            remembers = true;
            return { kind: 'cosigned', lines };
          }
        }
        throw new LedgerError('witness.unreachable', folder, { detail: 'Too many ask it at once.' });
      }),
  };
}

function forgotten(folder: string): LedgerError {
  const detail = 'What it has cosigned is gone; is the storage mounted?';
  return new LedgerError('witness.unreachable', folder, { detail });
}

/** In the order in which the protocol asks. */
function whyNot(
  { checkpoint, oldSize, proof }: WitnessRequest,
  ledger: CheckpointKeys,
  last: Pick<Checkpoint, 'size' | 'root'>,
): WitnessAnswer | undefined {
  const next = opened(checkpoint, ledger);
  if (next instanceof LedgerError) return { kind: 'refused', why: next.message };
  if (oldSize > next.size) return { kind: 'refused', why: 'The old size is larger than the new one.' };
  if (oldSize !== last.size) return { kind: 'conflict', size: last.size };
  if (last.size === next.size && !sameHash(last.root, next.root)) {
    return { kind: 'conflict', size: last.size };
  }
  const claim = { from: last.size, fromRoot: last.root, to: next.size, toRoot: next.root, proof };
  return verifyConsistency(claim) ? undefined : { kind: 'inconsistent' };
}

function opened(checkpoint: string, ledger: CheckpointKeys): Checkpoint | LedgerError {
  try {
    return openCheckpoint(checkpoint, ledger).checkpoint;
  } catch (error) {
    if (error instanceof LedgerError) return error;
    throw error;
  }
}

/** What the folder says it has cosigned last. Only its own signature counts: the keys of the ledger may have changed. */
function known(
  folder: string,
  keys: readonly VerifierKey[],
  newest: Version | undefined,
): Pick<Checkpoint, 'size' | 'root'> {
  if (newest === undefined) return { size: 0, root: EMPTY_ROOT };
  try {
    const note = parseNote(newest.content);
    verifyNote(note, keys);
    return parseCheckpointText(note.text);
  } catch (cause) {
    const detail = 'What it keeps there was changed.';
    throw new LedgerError('witness.badAnswer', folder, { detail, cause });
  }
}

/** The newest checkpoint that a folder has cosigned, as it is kept there: nothing of it has been checked. */
export function newestCosigned(folder: string, origin: string): Promise<string | undefined> {
  return onStorage(folder, async () => (await newestVersion(versionsIn(folder, origin)))?.content);
}

/**
 * The key of a witness that lies in a folder, or in a file of its own; undefined when there is none.
 *
 * @throws LedgerError `witness.badAnswer` when it is no key, `witness.unreachable`
 */
export function readWitnessKey(
  folder: string,
  name: string,
  keyFile = join(folder, KEY_FILE),
): Promise<VerifierKey | undefined> {
  return onStorage(folder, async () => {
    try {
      const { keyId, kind, publicKey } = await readKey(keyFile, name);
      return { name, keyId, kind, publicKey };
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  });
}

function versionsIn(folder: string, origin: string): string {
  return join(folder, hash('sha256', origin, 'hex').slice(0, 32));
}

async function readKey(keyFile: string, name: string): Promise<SignerKey> {
  const pem = await readFile(keyFile, 'utf8');
  try {
    return signerKey(name, 'cosignature/v1', createPrivateKey(pem));
  } catch {
    // The reason may quote the file.
    throw new LedgerError('witness.badAnswer', keyFile, { detail: 'It holds no Ed25519 key.' });
  }
}

async function onStorage<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof LedgerError) throw cause;
    const code = codeOf(cause);
    const detail = code === 'ENOENT' ? `There is no ${KEY_FILE}; is the storage mounted?` : `${code ?? ''}.`;
    throw new LedgerError('witness.unreachable', folder, { detail, cause });
  }
}
