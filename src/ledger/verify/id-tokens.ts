import { canonicalJson, without } from '../../model/json.ts';
import type { VerifiedVote } from '../../model/vote.ts';
import { sha256 } from '../digest.ts';
import { CLOCK_TOLERANCE_MS } from './case.ts';
import { idTokenClaims, type ProviderDocument } from './documents.ts';
import { isSignedBy, keyOfJwk, parseJws } from './jws.ts';
import { atFile, quoted, type EvidenceProblem } from './problem.ts';
import type { Trust } from './trust.ts';
import { idTokenFile, type CastVote } from './votes.ts';

/** A list of keys is a few minutes old when one of them is used. */
const KEY_SLACK_MS = 10 * 60_000;

/** What muster adds to a vote, and what the ID token therefore does not prove. */
const NOT_SAID = ['id', 'iat', 'exp', 'roles', 'assurance', 'jws'] as const;

/** What a vote says, as a digest: the nonce of the login that proves it. */
export function saidDigest(vote: VerifiedVote): string {
  return sha256(canonicalJson(without(vote, NOT_SAID)));
}

/**
 * Whether a vote is proven as it has to be: by an ID token for what it says, signed by a key of the identity provider, for the
 * account that is this person.
 *
 * @throws EvidenceProblem `evidence.proofMissing`, `evidence.proofInvalid`
 */
export function assertProven(cast: CastVote, providers: readonly ProviderDocument[], trust: Trust): void {
  const { vote, idToken } = cast;
  if (idToken !== undefined) {
    assertToken(cast, idToken, providers, trust);
    return;
  }
  const { id, person, assurance = 'password', heardBy } = vote;
  if (heardBy !== undefined) {
    trust.add(
      'spokenVotes',
      'These votes were spoken, and two witnesses vouch for each; nothing else proves them:',
      `${person}, heard by ${heardBy.join(' and ')}`,
    );
    return;
  }
  const isVouchedFor = providers.some(
    ({ provesVotes, people }) => provesVotes && people.some((known) => known.person === person),
  );
  const isAllProven = !providers.some(({ provesVotes }) => !provesVotes);
  if (isVouchedFor || (assurance === 'oidc' && isAllProven)) {
    throw atFile(
      'evidence.proofMissing',
      idTokenFile(id),
      `The vote ${quoted(id)} of ${quoted(person)} is bare.`,
    );
  }
  trust.add(
    'localVotes',
    'These votes have no ID token: that it was these people, muster alone says:',
    `${person} (${assurance})`,
  );
}

function assertToken(
  { vote }: CastVote,
  idToken: string,
  providers: readonly ProviderDocument[],
  trust: Trust,
): void {
  const file = idTokenFile(vote.id);
  const bad = (why: string): EvidenceProblem => atFile('evidence.proofInvalid', file, why);
  const jws = parseJws(idToken);
  const read = idTokenClaims.safeParse(jws?.payload);
  if (jws === undefined || !read.success) throw bad('It is no ID token.');
  if (jws.header.typ !== undefined && !/^jwt$/i.test(jws.header.typ)) {
    throw bad('It is a token of another kind.');
  }
  const { iss, sub, aud, azp, nonce, iat, exp } = read.data;
  const provider = providers.find(({ issuer }) => issuer === iss);
  if (provider === undefined) throw bad(`Its issuer ${quoted(iss)} is not in keys.json.`);
  const { issuer, audience, keys, people, source } = provider;
  const known = keys.find(({ kid }) => kid === jws.header.kid);
  const key = known === undefined ? undefined : keyOfJwk(known.jwk);
  if (known === undefined || key === undefined) throw bad('Its key is not in keys.json.');
  if (known.jwk['alg'] !== undefined && known.jwk['alg'] !== jws.header.alg) {
    throw bad('Its key is for another algorithm.');
  }
  if (!isSignedBy(jws, key)) throw bad('Its signature is not by the key it names.');
  const audiences = typeof aud === 'string' ? [aud] : aud;
  const isForUs = audiences.includes(audience) && (azp ?? audience) === audience;
  if (!isForUs || (audiences.length > 1 && azp === undefined)) throw bad('It was issued to somebody else.');
  if (nonce !== saidDigest(vote)) throw bad('It proves another answer.');
  const votedAt = vote.iat * 1_000;
  if (iat * 1_000 > votedAt + CLOCK_TOLERANCE_MS || exp * 1_000 < votedAt - CLOCK_TOLERANCE_MS) {
    throw bad('It was not good when the vote was given.');
  }
  if (iat * 1_000 > known.lastSeenAt + KEY_SLACK_MS) throw bad('Its key was withdrawn by then.');
  const account = people.find(({ person }) => person === vote.person);
  if (account?.subject !== sub) throw bad(`Its account is not that of ${quoted(vote.person)}.`);
  trust.add(
    'providerKeys',
    'That these keys are those of the identity provider, and which account is which person, is as muster kept it:',
    `${issuer} for ${audience}, key ${known.kid} from ${source}`,
  );
}
