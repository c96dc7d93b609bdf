import type { LedgerVerdict } from './verify-ledger.ts';

/** What whoever asked has brought, for the list of what had to be trusted. */
export interface LedgerAsked {
  /** Where it was read. */
  readonly place: string;
  readonly origin: string;
  /** The keys, by name and id, that it was checked with. */
  readonly keys: readonly string[];
  /** Whether they came another way than the ledger itself. */
  readonly areGiven: boolean;
  /** Whether a checkpoint was brought that the witness itself keeps. */
  readonly hasWitnessed: boolean;
}

/** What became of checking a whole ledger, for people, as plain text. */
export function renderLedgerVerdict(verdict: LedgerVerdict, asked: LedgerAsked): string {
  if (!verdict.ok) {
    const { code, file, position, sentence } = verdict.problem;
    return [
      'NOT VERIFIED',
      '',
      `Ledger      ${asked.origin}, ${asked.place}`,
      ...(position === undefined ? [] : [`Entry       ${position}`]),
      ...(file === undefined || position !== undefined ? [] : [`Place       ${file}`]),
      `Problem     ${sentence}`,
      `Code        ${code}`,
      '',
      'Entries before this one hold. Do not rely on anything behind it.',
    ].join('\n');
  }
  return [
    'VERIFIED',
    '',
    `Ledger      ${asked.origin}, ${asked.place}`,
    `Entries     ${verdict.entries}${verdict.unsigned === 0 ? '' : `, the last ${verdict.unsigned} of them not signed yet`}`,
    ...(verdict.pruned === 0
      ? []
      : [`Removed     the texts of ${verdict.pruned} entries, by signed prunings; their hashes are there`]),
    `Root        ${verdict.root}`,
    '',
    'Checked',
    '  each entry: its form, its position, none missing, none twice',
    `  ${verdict.checkpoints} checkpoints: their signatures, and that the entries are what each stands for`,
    ...(verdict.cosigned === undefined
      ? []
      : [`  cosigned up to entry ${verdict.cosigned.size - 1} by ${verdict.cosigned.by.join(', ')}`]),
    ...verdict.vouchedKeys.map((key) => `  ${key} follows a key that you gave, which has signed that`),
    '',
    'Not checked, but trusted',
    ...ledgerTrust(verdict, asked).map((sentence) => `  - ${sentence}`),
  ].join('\n');
}

/** What whoever believes it has to believe as well. */
export function ledgerTrust(
  verdict: LedgerVerdict & { readonly ok: true },
  { keys, areGiven, hasWitnessed }: LedgerAsked,
): readonly string[] {
  return [
    areGiven
      ? `These keys, which you gave, are those of the ledger: ${keys.join(', ')}.`
      : `The key is the one that the ledger itself was shown with, ${keys.join(', ')}: whoever has changed the ledger could have changed it as well. Give --key.`,
    ...(verdict.cosigned === undefined
      ? ['No witness was asked for: whoever has the key of the ledger could have written all of it anew.']
      : []),
    ...(hasWitnessed
      ? []
      : [
          'That nothing was cut off behind the last checkpoint here, only the checkpoint that a witness keeps shows (--witnessed).',
        ]),
    ...(verdict.unknownSignatures === 0
      ? []
      : [`${verdict.unknownSignatures} signatures are of keys that you did not give.`]),
    ...(verdict.unsigned === 0
      ? []
      : [`Nobody has signed the last ${verdict.unsigned} entries yet; the next checkpoint does.`]),
    'Times are by the clocks of whoever runs muster.',
  ];
}
