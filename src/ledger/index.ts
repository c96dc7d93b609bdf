export {
  EVIDENCE_TYPE,
  evidenceFiles,
  signedFiles,
  STATEMENT_FILE,
  voteKeyId,
  writeBundle,
} from './bundle.ts';
export { evidenceEntries, isEvidence, peopleOf, type RunNames } from './bundle/entries.ts';
export { HISTORY_REDACTIONS, redact, type Redaction, type RedactionRule } from './bundle/redaction.ts';
export type {
  EvidenceFinding,
  EvidenceGate,
  EvidenceHistory,
  EvidenceNote,
  EvidenceProvider,
  EvidenceProviderKey,
  EvidenceReview,
  EvidenceRun,
  EvidenceVote,
  RunEvidence,
} from './bundle/run-evidence.ts';
export {
  checkpointText,
  openCheckpoint,
  parseCheckpointText,
  signCheckpoint,
  type Checkpoint,
  type CheckpointKeys,
  type VerifiedCheckpoint,
} from './checkpoint.ts';
export { openEnvelope, PAYLOAD_TYPE, preAuthEncoding, signEnvelope, type OpenedEnvelope } from './dsse.ts';
export { parseEntry } from './entry-schema.ts';
export {
  fileWitness,
  makeFileWitness,
  newestCosigned,
  readWitnessKey,
  type FileWitnessOptions,
} from './file-witness.ts';
export { httpsWitness, type HttpsWitnessOptions, type Send } from './https-witness.ts';
export {
  formatVerifierKey,
  isKeyName,
  keyLabel,
  parseVerifierKey,
  signerKey,
  type KeyKind,
  type SignerKey,
  type VerifierKey,
} from './keys.ts';
export {
  KeyChain,
  keyChangesOf,
  openKeyChange,
  signKeyChange,
  type KeyChange,
  type PlacedChange,
} from './key-change.ts';
export { ledgerLines, parseLedgerFile, type ExportedLedger } from './ledger-file.ts';
export {
  leavesDigestOf,
  openPruning,
  PRUNING_TYPE,
  rangesOf,
  signPruning,
  type PositionRange,
  type PruningStatement,
} from './pruning.ts';
export { LEDGER_CODES, LedgerError, type LedgerCode } from './ledger-error.ts';
export {
  formatNote,
  formatSignature,
  parseNote,
  parseSignatures,
  signNote,
  verifyNote,
  type NoteSignature,
  type Signed,
  type SignedNote,
  type VerifiedSignatures,
} from './signed-note.ts';
export { sealLedger, type Sealed, type Sealing } from './seal.ts';
export { parseStatement, STATEMENT_TYPE, statementBytes, type Statement, type Subject } from './statement.ts';
export {
  askWitness,
  withSignatures,
  type CosignRequest,
  type Witness,
  type WitnessAnswer,
  type WitnessRequest,
} from './witness.ts';
export { EVIDENCE_CODES, type EvidenceCode } from './verify/problem.ts';
export { ledgerTrust, renderLedgerVerdict, type LedgerAsked } from './verify/render-ledger-verdict.ts';
export { renderVerdict } from './verify/render-verdict.ts';
export { TRUST_CODES, type TrustCode, type Trusted } from './verify/trust.ts';
export {
  STAGES,
  type Checked,
  type Problem,
  type Refuted,
  type Stage,
  type Verdict,
  type Verified,
} from './verify/verdict.ts';
export { verifyBundle, type VerifyOptions } from './verify/verify-bundle.ts';
export {
  verifyLedger,
  type LedgerCopy,
  type LedgerVerdict,
  type VerifyLedgerOptions,
} from './verify/verify-ledger.ts';
export { createWitnessService, type WitnessReply } from './witness-service.ts';
export { readZip, writeZip, ZIP_LIMITS, type ZipEntry, type ZipLimits } from './zip.ts';
