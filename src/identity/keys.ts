import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';
import { join } from 'node:path';
import { createFile, makePrivateFolder, readIfThere, syncFolders } from '../store/index.ts';
import { IdentityError } from './identity-error.ts';

/** What it takes to check a vote. */
export interface PublicVoteKey {
  /** The first 16 hex digits of the SHA-256 of the 32 bytes of the public key. */
  readonly id: string;
  readonly publicKey: KeyObject;
}

/** What it takes to sign a vote. */
export interface VoteKeys extends PublicVoteKey {
  readonly privateKey: KeyObject;
}

/**
 * Reads an Ed25519 key pair, and makes it on first use: one PEM file that only its owner may read. Of two processes that start at once both get the same key. A file that holds no key is never replaced, since
 * everything it signed would lose its worth.
 *
 * @param options.signs what it signs: each has a key of its own; default votes
 * @throws IdentityError `identity.keysUnavailable`, `identity.keysCorrupt`
 */
export async function openKeys({
  folder,
  signs = 'vote',
}: {
  readonly folder: string;
  readonly signs?: 'vote' | 'ledger';
}): Promise<VoteKeys> {
  const path = join(folder, `${signs}-key.pem`);
  return keysOf(path, await readOrMake(folder, path));
}

async function readOrMake(folder: string, path: string): Promise<string> {
  try {
    const there = await readIfThere(path);
    if (there !== undefined) return there;
    await makePrivateFolder(folder);
    const content = generateKeyPairSync('ed25519')
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString();
    const mine = await createFile({ path, content, drafts: folder });
    await syncFolders(folder);
    return mine ? content : ((await readIfThere(path)) ?? '');
  } catch (cause) {
    const message = `The key ${path} can be neither read nor made. Check who may write to the folder.`;
    throw new IdentityError('identity.keysUnavailable', message, { cause });
  }
}

function keysOf(path: string, pem: string): VoteKeys {
  try {
    const privateKey = createPrivateKey(pem);
    if (privateKey.asymmetricKeyType === 'ed25519') {
      const publicKey = createPublicKey(privateKey);
      return { id: keyIdOf(publicKey), publicKey, privateKey };
    }
  } catch {
    // The reason may quote the file; what to do is the same for each.
  }
  throw new IdentityError(
    'identity.keysCorrupt',
    `${path} holds no Ed25519 private key. Restore it from a backup; if you move it away a new key is made, and ` +
      `nobody can check any more what the old one has signed.`,
  );
}

function keyIdOf(publicKey: KeyObject): string {
  const { x = '' } = publicKey.export({ format: 'jwk' });
  return createHash('sha256').update(Buffer.from(x, 'base64url')).digest('hex').slice(0, 16);
}
