import type { KeyObject } from 'node:crypto';
import type { VerifiedVote } from '../../model/vote.ts';
import { fromUtf8 } from '../bytes.ts';
import { voteClaims } from './documents.ts';
import type { Entries, EntryOf, Placed } from './entries.ts';
import { parsed, type BundleFiles } from './files.ts';
import { isSignedBy, parseJws } from './jws.ts';
import { atEntry, atFile, quoted } from './problem.ts';

/** What a vote says it is: no other text that the key has signed passes for one. */
const VOTE_TYPE = 'muster-vote+jwt';

/** A vote whose signature holds, with its entry. */
export interface CastVote {
  readonly position: number;
  readonly entry: EntryOf<'vote'>;
  readonly vote: VerifiedVote;
  /** The ID token that goes with it. */
  readonly idToken?: string;
}

/**
 * Every vote that was cast, whether it counted or not: its file is what the entry names, and signed by a vote key.
 *
 * @throws EvidenceProblem
 */
export function castVotes(
  files: BundleFiles,
  entries: Entries,
  keys: ReadonlyMap<string, KeyObject>,
): ReadonlyMap<string, CastVote> {
  return new Map(entries.of('vote').map((placed) => [placed.entry.id, castVote(files, placed, keys)]));
}

/** The file of a vote. */
export function voteFile(id: string): string {
  return `votes/${id}.jws`;
}

/** The file of the ID token that proves a vote. */
export function idTokenFile(id: string): string {
  return `votes/${id}.idtoken`;
}

function castVote(
  files: BundleFiles,
  { position, entry }: Placed<'vote'>,
  keys: ReadonlyMap<string, KeyObject>,
): CastVote {
  const { id, jwsDigest, proofDigest } = entry;
  const file = voteFile(id);
  const text = fromUtf8(files.named(file, jwsDigest)) ?? '';
  const jws = parseJws(text);
  const key = keys.get(jws?.header.kid ?? '');
  const isGood =
    jws?.header.alg === 'EdDSA' && jws.header.typ === VOTE_TYPE && key !== undefined && isSignedBy(jws, key);
  if (!isGood) throw atFile('evidence.voteSignature', file, `The vote ${quoted(id)} has no good signature.`);
  const read = parsed(() => voteClaims.safeParse(jws.payload));
  if (read?.success !== true) {
    throw atFile('evidence.badFile', file, `The vote ${quoted(id)} has not the claims of one.`);
  }
  const vote = { ...read.data, jws: text };
  const { run, path, nonce, actor, decision } = entry;
  const isSame =
    vote.id === id &&
    vote.run === run &&
    vote.gate === path &&
    vote.nonce === nonce &&
    vote.person === actor &&
    vote.decision === decision;
  if (!isSame) {
    throw atEntry('evidence.otherVote', position, `What ${quoted(id)} says is not what its entry says.`);
  }
  if (proofDigest === undefined) return { position, entry, vote };
  const idToken = fromUtf8(files.named(idTokenFile(id), proofDigest)) ?? '';
  return { position, entry, vote, idToken };
}
