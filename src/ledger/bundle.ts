import type { KeyObject } from 'node:crypto';
import { inclusionProofs } from '../merkle/index.ts';
import { canonicalJson, isJsonObject, type JsonObject } from '../model/json.ts';
import type { EvidenceFinding, EvidenceProvider, RunEvidence } from './bundle/run-evidence.ts';
import { HISTORY_REDACTIONS, redact } from './bundle/redaction.ts';
import { fromJson, fromUtf8, toBase64 } from './bytes.ts';
import { parseCheckpointText } from './checkpoint.ts';
import { sha256 } from './digest.ts';
import { signEnvelope } from './dsse.ts';
import type { SignerKey } from './keys.ts';
import { parseNote } from './signed-note.ts';
import { statementBytes } from './statement.ts';
import { writeZip, type ZipEntry } from './zip.ts';

/** Tells how to read what the statement of a bundle says. */
export const EVIDENCE_TYPE = 'https://muster.example/evidence/v1';

/** The one file that signs all others. */
export const STATEMENT_FILE = 'statement.dsse.json';

/**
 * The evidence of a run as one file. The same evidence and keys give the same bytes.
 *
 * @throws LedgerError when something in it cannot stand in a bundle
 */
export function writeBundle(evidence: RunEvidence, keys: readonly SignerKey[]): Uint8Array {
  return writeZip(signedFiles(evidenceFiles(evidence), keys));
}

/** Files with the statement over them, signed. */
export function signedFiles(files: readonly ZipEntry[], keys: readonly SignerKey[]): readonly ZipEntry[] {
  const bytes = statementBytes({
    subject: files.map(({ name, content }) => ({ name, digest: { sha256: sha256(content) } })),
    predicateType: EVIDENCE_TYPE,
    predicate: predicateOf(files),
  });
  return [...files, textFile(STATEMENT_FILE, signEnvelope(bytes, keys))];
}

/** What a bundle holds, but for its statement. */
export function evidenceFiles(evidence: RunEvidence): readonly ZipEntry[] {
  const { runbookText, notes = [], outputs = [], reviews = [], findings = [] } = evidence;
  return [
    jsonFile('run.json', evidence.run),
    ...(runbookText === undefined ? [] : [textFile('runbook.yaml', runbookText)]),
    textFile('runbook.json', evidence.runbook),
    jsonFile('inputs.json', evidence.inputs),
    ...entryFiles(evidence),
    ...evidence.votes.flatMap(({ id, jws, proof }) => [
      textFile(`votes/${id}.jws`, jws),
      ...(proof === undefined ? [] : [textFile(`votes/${id}.idtoken`, proof)]),
    ]),
    jsonFile('keys.json', {
      vote: { keys: evidence.voteKeys.map(voteKeyJwk).sort((a, b) => (a.kid < b.kid ? -1 : 1)) },
      providers: (evidence.providers ?? []).map(sortedProvider),
    }),
    ...evidence.gates.map(({ nonce, asked }) => jsonFile(`gates/${nonce}.json`, asked)),
    ...historyFiles(evidence),
    ...[...new Set(outputs)].map((output) => textFile(`outputs/${sha256(output)}.json`, output)),
    jsonFile('objectives.json', evidence.objectives),
    ...notes.map(({ id, text }) => textFile(`notes/${id}.txt`, text)),
    ...attachmentFiles(notes.flatMap(({ attachments = [] }) => attachments)),
    ...reviews.flatMap(({ id, jws, report }) => [
      textFile(`reviews/${id}.jws`, jws),
      textFile(`reviews/${id}.report.json`, report),
    ]),
    ...(findings.length === 0 ? [] : [jsonFile('findings.json', findings.map(findingRecord))]),
    jsonFile('versions.json', evidence.versions),
  ];
}

/** The first 16 hex digits of the SHA-256 of the 32 bytes of a vote key, by which votes name it. */
export function voteKeyId(key: KeyObject): string {
  const { x = '' } = key.export({ format: 'jwk' });
  return sha256(Buffer.from(x, 'base64url')).slice(0, 16);
}

function entryFiles({ entries, leaves, checkpoint }: RunEvidence): readonly ZipEntry[] {
  const { size } = parseCheckpointText(parseNote(checkpoint).text);
  const positions = entries.map(({ position }) => position);
  const proofs = inclusionProofs(leaves, positions, size).map((hashes, at) => ({
    position: positions[at],
    hashes: hashes.map((hash) => Buffer.from(hash).toString('hex')),
  }));
  const lines = entries.map(({ position, text }) => `${canonicalJson({ position, text })}\n`);
  return [
    textFile('entries.jsonl', lines.join('')),
    jsonFile('proofs.json', { size, proofs }),
    textFile('checkpoint.txt', checkpoint),
  ];
}

function historyFiles({ histories, redactionRules = HISTORY_REDACTIONS }: RunEvidence): readonly ZipEntry[] {
  const executions = histories.map(({ executionId, history }) => ({ executionId, history }));
  const { document, redactions } = redact({ executions }, redactionRules);
  return [
    jsonFile('history.json', document),
    jsonFile('redactions.json', { rules: redactionRules, redactions }),
  ];
}

/** Several notes may have the same file. */
function attachmentFiles(attachments: readonly Uint8Array[]): readonly ZipEntry[] {
  const byDigest = new Map(attachments.map((content) => [sha256(content), content]));
  return [...byDigest].map(([digest, content]) => ({ name: `notes/files/${digest}`, content }));
}

/** What the statement says of the files, besides their digests: what people look for first. */
function predicateOf(files: readonly ZipEntry[]): JsonObject {
  const textOf = (name: string): string =>
    fromUtf8(files.find((file) => file.name === name)?.content ?? Buffer.alloc(0)) ?? '';
  const jsonOf = (name: string): JsonObject => {
    const value = fromJson(textOf(name));
    return isJsonObject(value) ? value : {};
  };
  const { origin, size, root } = parseCheckpointText(parseNote(textOf('checkpoint.txt')).text);
  return {
    v: 1,
    run: jsonOf('run.json'),
    checkpoint: { origin, size, root: toBase64(root) },
    redactions: sha256(textOf('redactions.json')),
    versions: jsonOf('versions.json'),
  };
}

function findingRecord({ id, number, finding }: EvidenceFinding): JsonObject {
  return { id, number, finding };
}

function voteKeyJwk(key: KeyObject) {
  const { x = '' } = key.export({ format: 'jwk' });
  return { alg: 'EdDSA', crv: 'Ed25519', kid: voteKeyId(key), kty: 'OKP', use: 'sig', x };
}

function sortedProvider({ keys, people, ...rest }: EvidenceProvider): EvidenceProvider {
  return {
    ...rest,
    keys: [...keys].sort((a, b) => (a.kid < b.kid ? -1 : 1)),
    people: [...people].sort((a, b) => (a.person < b.person ? -1 : 1)),
  };
}

function jsonFile(name: string, value: unknown): ZipEntry {
  return textFile(name, canonicalJson(value));
}

function textFile(name: string, text: string): ZipEntry {
  return { name, content: Buffer.from(text, 'utf8') };
}
