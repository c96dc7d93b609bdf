import type { KeyObject } from 'node:crypto';
import { fromUtf8 } from '../bytes.ts';
import { digestOf } from '../digest.ts';
import type { Case } from './case.ts';
import { findingsDocument, reviewClaims } from './documents.ts';
import { parsed } from './files.ts';
import { isSignedBy, parseJws } from './jws.ts';
import { atEntry, atFile, quoted } from './problem.ts';
import { isRevoked } from './standing.ts';

/** What a review says it is: no vote passes for one, and it for no vote. */
const REVIEW_TYPE = 'muster-review+jwt';

/**
 * Every signed review of a report of the run: signed by a vote key, about the report that is
 * with it, as its entry says, and by somebody who was not revoked.
 *
 * @returns how many there are
 * @throws EvidenceProblem
 */
export function assertReviews(
  { files, entries, run, trust }: Case,
  keys: ReadonlyMap<string, KeyObject>,
): number {
  const reviews = entries.of('review');
  for (const { entry, position } of reviews) {
    const { id, actor, decision, reportDigest, jwsDigest } = entry;
    const file = `reviews/${id}.jws`;
    const jws = parseJws(fromUtf8(files.named(file, jwsDigest)) ?? '');
    const key = keys.get(jws?.header.kid ?? '');
    const isGood =
      jws?.header.alg === 'EdDSA' &&
      jws.header.typ === REVIEW_TYPE &&
      key !== undefined &&
      isSignedBy(jws, key);
    if (!isGood) throw atFile('evidence.review', file, `The review ${quoted(id)} has no good signature.`);
    const read = parsed(() => reviewClaims.safeParse(jws.payload));
    if (read?.success !== true) {
      throw atFile('evidence.badFile', file, `The review ${quoted(id)} has not the claims of one.`);
    }
    const said = read.data;
    const isSame =
      said.id === id &&
      said.person === actor &&
      said.decision === decision &&
      said.reportDigest === reportDigest &&
      said.run === run.firstExecutionId &&
      said.runId === run.runId &&
      said.iat * 1_000 === entry.at;
    if (!isSame) {
      throw atEntry('evidence.review', position, `What ${quoted(id)} says is not what its entry says.`);
    }
    if (isRevoked(entries, actor, position)) {
      throw atFile('evidence.review', file, `${quoted(actor)} was revoked.`);
    }
    files.named(`reviews/${id}.report.json`, reportDigest);
    trust.add(
      'reviewers',
      'That it was these people who signed the reviews, muster alone says:',
      `${quoted(actor)} (${said.assurance})`,
    );
  }
  return reviews.length;
}

/**
 * What was found, in each of its states: counted from 0, and each with the digest that its entry names.
 *
 * @throws EvidenceProblem
 */
export function assertFindings({ files, entries }: Case): void {
  const found = entries.of('finding');
  if (found.length === 0) return;
  const file = 'findings.json';
  const documents = new Map(
    files.json(file, findingsDocument).map(({ id, number, finding }) => [`${id}/${number}`, finding]),
  );
  const next = new Map<string, number>();
  for (const { entry, position } of found) {
    const { id, number, textDigest } = entry;
    if (number !== (next.get(id) ?? 0)) {
      throw atEntry('evidence.order', position, `A change of the finding ${quoted(id)} is missing.`);
    }
    next.set(id, number + 1);
    const document = documents.get(`${id}/${number}`);
    if (document?.['id'] !== id || digestOf(document) !== textDigest) {
      throw atEntry(
        'evidence.fileChanged',
        position,
        `The finding ${quoted(id)} is not as its entry names it.`,
      );
    }
  }
  if (documents.size > found.length) {
    throw atFile('evidence.fileExtra', file, 'It has a finding that no entry speaks of.');
  }
}
