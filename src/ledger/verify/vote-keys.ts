import type { KeyObject } from 'node:crypto';
import { voteKeyId } from '../bundle.ts';
import { keyOfJwk } from './jws.ts';
import { keysDocument, type KeysDocument, type ProviderDocument } from './documents.ts';
import type { BundleFiles } from './files.ts';
import { atFile } from './problem.ts';
import type { Trust } from './trust.ts';

/** The keys with which votes are checked. */
export interface VerificationKeys {
  /** By the id that votes name them by. */
  readonly vote: ReadonlyMap<string, KeyObject>;
  readonly providers: readonly ProviderDocument[];
}

/**
 * The keys of a bundle, or those that were given instead.
 *
 * @param given public vote keys that came another way than with the bundle
 * @throws EvidenceProblem `evidence.badFile`
 */
export function readKeys(
  files: BundleFiles,
  given: readonly KeyObject[] | undefined,
  trust: Trust,
): VerificationKeys {
  const document = files.json('keys.json', keysDocument);
  if (given === undefined) {
    trust.add('voteKeys', 'The vote keys are those that the signed bundle holds; nobody gave others.');
  } else {
    trust.add('voteKeys', 'You gave the vote keys.');
  }
  return {
    vote: new Map((given ?? voteKeysOf(document)).map((key) => [voteKeyId(key), key])),
    providers: document.providers,
  };
}

function voteKeysOf({ vote }: KeysDocument): readonly KeyObject[] {
  return vote.keys.map((jwk) => {
    const key = keyOfJwk(jwk);
    if (key === undefined || voteKeyId(key) !== jwk.kid) {
      throw atFile('evidence.badFile', 'keys.json', `The vote key ${jwk.kid.slice(0, 16)} is none.`);
    }
    return key;
  });
}
