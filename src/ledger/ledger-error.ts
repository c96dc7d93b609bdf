/** What can be wrong with evidence, and with asking a witness. Stable: callers and tests read the code. */
export const LEDGER_CODES = {
  'ledger.badKey': 'This is no verifier key (name+hash+base64), or of a kind that muster does not use.',
  'ledger.badNote': 'This is no signed note: its form is broken, or it is too long.',
  'ledger.badCheckpoint':
    'The signed text is no checkpoint of this ledger: its lines are not origin, size and root.',
  'ledger.badSignature': 'A signature of a known key does not verify: the text or the signature was changed.',
  'ledger.notSigned': 'No known key has signed this. Check which keys you gave.',
  'ledger.badEnvelope': 'This is no DSSE envelope as muster writes it.',
  'ledger.badStatement': 'The signed payload is no in-toto statement as muster writes it.',
  'ledger.badZip': 'The file is no bundle exactly as muster writes it: it was changed, cut off or repacked.',
  'ledger.zipTooLarge': 'The bundle has more entries or bytes than allowed.',
  'ledger.badEntry': 'This is no entry as muster writes it, or of a version that this muster does not know.',
  'ledger.badKeyChange':
    'An entry says that the key of the ledger has changed, and the two keys have not both signed that, or it does not follow the key before it.',
  'ledger.otherKey': 'What is signed is not signed by the key that the ledger had by then.',
  'ledger.keyMissing':
    'The key with which the ledger signs now is not in the folder of keys. Copy it there from where `muster ledger rotate` made it, or from a backup.',
  'ledger.badCopy': 'This is no copy of a ledger as `muster ledger export` writes it, or it was cut off.',
  'witness.badAddress':
    'A witness has an address with https://, without user, password and query. Without TLS only on this machine.',
  'witness.rollback':
    'The witness has cosigned a larger ledger than this one. Entries are missing here: was an old backup restored?',
  'ledger.rewritten':
    'The ledger does not begin with what its last checkpoint has fixed: somebody has changed the database, or put an older one back. Nothing more is signed. Keep it as it is, and compare it with a backup and with what witnesses know.',
  'witness.splitView':
    'The witness has cosigned another history of this ledger. One of both was changed; keep both and compare them.',
  'witness.unreachable': 'The witness cannot be reached now. It is asked again at the next checkpoint.',
  'witness.refused':
    'The witness does not cosign for this ledger. Give it the origin and the verifier key of the ledger.',
  'witness.badAnswer':
    'The answer of the witness makes no sense, or is not signed by the key in the configuration.',
} as const;

export type LedgerCode = keyof typeof LEDGER_CODES;

/** Everything the ledger throws. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly code: LedgerCode;
  /** Where it is wrong: a line of a note, an entry of a bundle, a key, a witness. */
  readonly place: string;
  /** With `witness.rollback`: the size of the ledger that the witness knows. */
  readonly knownSize: number | undefined;

  constructor(
    code: LedgerCode,
    place: string,
    { detail, cause, knownSize }: { detail?: string; cause?: unknown; knownSize?: number } = {},
  ) {
    super(`${place}: ${detail === undefined ? '' : `${detail} `}${LEDGER_CODES[code]}`, { cause });
    this.code = code;
    this.place = place;
    this.knownSize = knownSize;
  }
}
